"""Files to begin with (예시 파일): the first head of every column, and one line as an example."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reports.columns import COLUMNS
from reports.writing import csv_bytes

_LINES: Mapping[str, Sequence[Mapping[str, str]]] = MappingProxyType(
    {
        "cases": (
            {
                "source_ref": "23-1",
                "kind": "건의",
                "title": "공원 의자 수리",
                "text": "공원 의자가 부러졌어요.",
                "received": "2023-01-05",
                "state": "완료",
                "closed": "2023-01-20",
                "answer": "새 의자로 바꾸었습니다.",
                "place": "송도1동",
                "channel": "방문",
            },
        ),
        "meetings": (
            {
                "source_ref": "행사-1",
                "kind": "동 연두방문",
                "title": "송도1동 연두방문",
                "held_on": "2023-01-10",
                "place": "송도1동",
                "hosts": "주민자치회",
                "attendees": "80",
            },
        ),
    }
)


def sample_file(kind: str) -> bytes:
    """A CSV file of that kind that can be taken in as it is."""
    columns = COLUMNS[kind]
    head = [column.heads[0] for column in columns]
    lines = [[line.get(column.name, "") for column in columns] for line in _LINES[kind]]
    return csv_bytes([head, *lines], first=True)
