"""The packs that docs/packs.md builds are real: they load, and the checker says what the page says."""

import re
from pathlib import Path

import pytest

from bot.app import build_world
from cities.faults import PackError
from cities.parsing import FILES
from cities.reading import load_city

PAGE = (Path(__file__).parent.parent.parent / "docs" / "packs.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^\*\*(\w+)/([\w.]+)\*\*\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FAULTS = re.compile(r"^```faults\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def written(pack: str, folder: Path) -> Path:
    """The folder of a pack as the page has it."""
    place = folder / pack
    place.mkdir()
    for name, file, text in BLOCK.findall(PAGE):
        if name == pack:
            (place / file).write_text(text, encoding="utf-8")
    return place


def test_the_smallest_pack_of_the_page_loads(tmp_path: Path) -> None:
    city = load_city(str(written("least", tmp_path)))

    assert city.name == "하늘시"
    assert [one.id for one in city.departments] == ["roads"]


def test_the_full_pack_of_the_page_has_every_file_and_finds_an_office(tmp_path: Path) -> None:
    folder = written("haneul", tmp_path)

    assert {file.name for file in folder.iterdir()} == set(FILES)
    world = build_world(load_city(str(folder)))
    assert world.directory.office_of("parking", "haedot") == "haedot/parking"
    best = world.understanding.offices("구름1동 가로등 불이 꺼졌어요")[0]
    assert best.department == "lights"


def test_the_checker_says_what_the_page_says(tmp_path: Path) -> None:
    with pytest.raises(PackError) as faulty:
        load_city(str(written("broken", tmp_path)))

    said = FAULTS.search(PAGE)
    assert said is not None
    assert str(faulty.value) == said[1].strip()


@pytest.mark.parametrize("file", FILES)
def test_every_file_a_pack_may_have_stands_on_the_page(file: str) -> None:
    assert f"`{file}`" in PAGE
