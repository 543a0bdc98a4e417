"""What git tracks says nothing of the machine it was written on."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.check_tree import findings

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="unpacked without git: nothing is tracked"
)


def _tracked(folder: Path, text: str) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / "notes.md").write_text(text)
    subprocess.run(["git", "add", "notes.md"], cwd=folder, check=True)
    return folder


def test_a_path_of_somebodys_machine_is_found_with_its_line(tmp_path: Path) -> None:
    machine = "/" + "work/main"
    assert findings(_tracked(tmp_path, f"fine\nsee {machine}\n")) == ["notes.md:2: /work" + "/"]


def test_the_host_of_a_registry_is_found(tmp_path: Path) -> None:
    assert len(findings(_tracked(tmp_path, "from https://pypi" + ".org/simple"))) == 1


def test_paths_inside_the_project_are_nobodys_business(tmp_path: Path) -> None:
    assert findings(_tracked(tmp_path, "docs/work/plan.md and ./root/file")) == []
