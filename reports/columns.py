"""Which column of a file holds what (열 맞추기): by heads in Korean and English, or by hand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from reports.sheets import Row, Sheet, Unreadable

HEAD_WITHIN = 20
"""The head is among so many first rows; titles and dates of the table stand above it."""

_PLAIN = re.compile(r"\(.*?\)|\[.*?\]|[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """Something a file can hold: its name in the locales (`import.field.…`) and heads it goes by."""

    name: str
    heads: tuple[str, ...]
    needed: bool = False


CASE_COLUMNS: tuple[Column, ...] = (
    # Not 번호 or 연번: those count the lines of a file, and begin at 1 in the next one too.
    Column("source_ref", ("관리번호", "접수번호", "case number", "source ref", "reference")),
    Column("kind", ("유형", "구분", "종류", "민원유형", "kind", "type", "category")),
    Column("title", ("제목", "건명", "건의제목", "민원제목", "과제명", "지적사항", "title", "subject")),
    Column("text", ("내용", "건의내용", "건의사항", "민원내용", "요지", "text", "description", "content")),
    Column("received", ("접수일", "접수일자", "건의일", "일자", "등록일", "received", "date"), needed=True),
    Column("state", ("처리상황", "처리상태", "추진상황", "상태", "처리결과", "state", "status"), needed=True),
    Column("closed", ("완료일", "처리일", "처리일자", "종결일", "closed", "closed on", "done")),
    Column("due", ("처리기한", "기한", "마감일", "due", "due date", "deadline")),
    Column("planned", ("완료예정일", "추진계획일", "예정일", "planned", "planned on")),
    Column("answer", ("답변", "답변내용", "처리내용", "조치내용", "추진내용", "answer", "response")),
    Column(
        "office", ("담당부서", "주관부서", "소관부서", "처리부서", "부서", "부서명", "office", "department")
    ),
    Column("district", ("군구", "구군", "자치구", "구", "district")),
    Column("place", ("동", "읍면동", "장소", "위치", "place", "location")),
    Column("channel", ("접수경로", "경로", "접수방법", "channel", "source")),
    Column("meeting", ("소통행사", "행사", "행사명", "행사번호", "간담회", "meeting", "event")),
    Column("field", ("분야", "부문", "field", "area")),
    Column("outcome", ("심사결과", "채택여부", "채택결과", "outcome", "decision")),
    Column("rating", ("만족도", "별점", "rating", "satisfaction")),
    Column("interviews", ("면담", "면담횟수", "interview", "interviews")),
    Column("site_visits", ("현장방문", "현장방문횟수", "현장확인", "site visit", "site visits")),
)

MEETING_COLUMNS: tuple[Column, ...] = (
    Column("source_ref", ("행사번호", "관리번호", "meeting number", "source ref", "reference")),
    Column("kind", ("방문형태", "행사종류", "행사유형", "유형", "구분", "형태", "kind", "type"), needed=True),
    Column("title", ("행사명", "제목", "title", "name")),
    Column("held_on", ("일자", "개최일", "행사일", "일시", "날짜", "date", "held on"), needed=True),
    Column("district", ("군구", "구군", "자치구", "구", "district")),
    Column("place", ("동", "읍면동", "장소", "위치", "place", "location")),
    Column("hosts", ("주재", "만난사람", "참석대상", "대상", "주요참석자", "hosts", "met", "with")),
    Column("attendees", ("참석인원", "참석자수", "인원", "참석", "attendees", "people")),
)

COLUMNS: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {"cases": CASE_COLUMNS, "meetings": MEETING_COLUMNS}
)
"""What each sort of file can hold."""

Matched = Mapping[str, int]
"""Which column (from 0) holds a field, by the field's name."""


def find_head(sheet: Sheet, kind: str) -> int:
    """Where among the rows the head stands: the first of those in which the most heads are recognised.

    Raises Unreadable where the head's place leaves merged cells among the rows below it.
    """
    scores = [len(match_heads(row, kind)) for row in sheet.rows[:HEAD_WITHIN]]
    head = scores.index(max(scores)) if max(scores) else 0
    merged = [cells for cells, last in sheet.merged if last > sheet.rows[head].number]
    if merged:
        raise Unreadable("merged", ", ".join(merged[:5]))
    return head


def match_heads(head: Row, kind: str) -> Matched:
    """The columns whose head is known; of two that say the same, the first."""
    found: dict[str, int] = {}
    plain = [_plain(cell) for cell in head.cells]
    for column in COLUMNS[kind]:
        for name in column.heads:
            place = next((at for at, cell in enumerate(plain) if cell == _plain(name)), None)
            if place is not None and place not in found.values():
                found[column.name] = place
                break
    return MappingProxyType(found)


def chosen(kind: str, given: Mapping[str, str], width: int) -> Matched:
    """The columns as somebody matched them by hand: field to column number; what is no column is left out."""
    found: dict[str, int] = {}
    for column in COLUMNS[kind]:
        number = given.get(column.name, "")
        if number.isascii() and number.isdecimal() and len(number) < 4 and int(number) < width:
            found[column.name] = int(number)
    return MappingProxyType(found)


def missing(kind: str, matched: Matched) -> Sequence[str]:
    """Fields without which the file cannot be taken in."""
    needed = [column.name for column in COLUMNS[kind] if column.needed and column.name not in matched]
    if kind == "cases" and not {"title", "text"} & matched.keys():
        needed.append("title")
    return needed


def _plain(text: str) -> str:
    return _PLAIN.sub("", text).casefold()
