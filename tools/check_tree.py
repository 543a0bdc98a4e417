"""No tracked file may name a folder of somebody's machine or the host of a package registry."""

import re
import subprocess
import sys
from pathlib import Path

FORBIDDEN = re.compile(
    rb"(?<![\w.])/(?:work|root|farm)/|pypi\.org|registry\.npmjs|deb\.debian|files\.pythonhosted"
)


def findings(root: Path) -> list[str]:
    """`file:line: what was found` for every forbidden name in the files git tracks under `root`."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    files = [root / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [
        f"{file.relative_to(root)}:{number}: {found.group().decode()}"
        for file in files
        if file.is_file()
        for number, line in enumerate(file.read_bytes().splitlines(), start=1)
        for found in FORBIDDEN.finditer(line)
    ]


if __name__ == "__main__":
    found = findings(Path(__file__).parent.parent)
    sys.stderr.writelines(f"{line}: no tracked file may name it\n" for line in found)
    sys.exit(bool(found))
