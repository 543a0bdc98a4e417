"""The documents say what is true: settings, commands, links, pictures, both READMEs alike."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.settings import read_settings
from tests.support.commands import members

ROOT = Path(__file__).parent.parent.parent
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
README, README_KO = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ko.md"))

SETTING = re.compile(r"\bSOTONG_[A-Z_]+\b")
TABLE_ROW = re.compile(r"^\| `(SOTONG_[A-Z_]+)` \|", re.MULTILINE)
FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?:^|[\s`])(?:\.venv/bin/)?sotong ([a-z]+(?: [a-z-]+)*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"`[^`\n]+`")


class _Asked(dict[str, str]):
    """An environment that notes which variables were looked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, key: str, default: object = None) -> str:
        self.names.add(key.removesuffix("_FILE"))
        return super().get(key, str(default or ""))


@pytest.fixture
def settings_read(tmp_path: Path) -> set[str]:
    """Every variable that the program looks for."""
    asked = _Asked({"SOTONG_DATA": str(tmp_path)})
    read_settings(asked)
    return asked.names


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command as its words: ("jobs", "run")."""
    for name, command in members(group).items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def called(text: str) -> Iterator[tuple[str, ...]]:
    """The words that stand behind `sotong` in code, as far as they can be a command."""
    code = [block for language, block in FENCE.findall(text) if language in ("sh", "ini")]
    code += [inline.strip("`") for inline in CODE.findall(FENCE.sub("", text))]
    for piece in code:
        for match in CALL.finditer(piece):
            yield tuple(match[1].split())


def anchors(page: Path) -> set[str]:
    """What a link may name behind #, by the rules that forges make them with."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = (heading.replace("`", "").strip().lower() for heading in HEADING.findall(text))
    return {re.sub(r"[^\w\s-]", "", heading).replace(" ", "-") for heading in plain}


def test_every_setting_is_in_the_operators_table_and_nothing_else_is(settings_read: set[str]) -> None:
    assert set(TABLE_ROW.findall(OPERATING)) == settings_read


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_a_page_names_no_setting_that_there_is_not(page: Path, settings_read: set[str]) -> None:
    named = {one.removesuffix("_FILE") for one in SETTING.findall(page.read_text(encoding="utf-8"))}

    assert named <= settings_read


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_a_page_calls_no_command_that_there_is_not(page: Path) -> None:
    known = set(commands())

    for words in called(page.read_text(encoding="utf-8")):
        assert words[:1] in known, f"sotong {' '.join(words)}"
        group = members(main)[words[0]]
        if isinstance(group, click.Group) and len(words) > 1:
            assert words[:2] in known, f"sotong {' '.join(words)}"


@pytest.mark.parametrize("command", sorted(commands()), ids=" ".join)
def test_every_command_says_in_its_help_what_it_does(command: tuple[str, ...]) -> None:
    said = CliRunner().invoke(main, [*command, "--help"])

    assert said.exit_code == 0
    assert len(said.output.splitlines()) > 4
    assert re.search(r"\n\n  \S+ \S+", said.output), "there is no sentence under its usage"


@pytest.mark.parametrize("command", sorted(commands()), ids=" ".join)
def test_every_command_stands_in_a_guide(command: tuple[str, ...]) -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)

    assert re.search(rf"(?:sotong |`){' '.join(command)}\b", text)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_both_readmes_tell_the_same_commands_and_show_the_same_pictures() -> None:
    assert _commands_of(README) == _commands_of(README_KO)
    assert _pictures_of(README) == [one.replace("-ko.", "-en.") for one in _pictures_of(README_KO)]


def test_both_readmes_have_the_same_parts() -> None:
    depths = [
        [heading.count("#") for heading in re.findall(r"^#+", FENCE.sub("", text), re.MULTILINE)]
        for text in (README, README_KO)
    ]

    assert depths[0] == depths[1]


def test_every_picture_is_small_and_is_shown_somewhere() -> None:
    pictures = sorted((ROOT / "docs" / "screenshots").iterdir())
    shown = {
        (page.parent / link).resolve()
        for page in GUIDES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if link.endswith(".png")
    }

    assert shown == set(pictures)
    assert all(picture.suffix == ".png" and picture.stat().st_size < 200 * 1024 for picture in pictures)


def _commands_of(readme: str) -> list[str]:
    """What is to be typed, without the remarks beside it, and what the program says."""
    blocks = [block for _, block in FENCE.findall(readme)]
    return [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]


def _pictures_of(readme: str) -> list[str]:
    return re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme)
