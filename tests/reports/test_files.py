"""Bad files and odd ones: each is read as it is meant, or ends in a clear message."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from reports.checking import City
from reports.dates import read_day
from reports.importing import Looked, look
from reports.rows import CaseIn
from reports.sheets import Unreadable, read_sheet
from reports.writing import Book, csv_bytes
from tests.reports.files import HEAD, a_city, as_csv, as_xlsx, counted

ROW = ("1-1", "건의", "의자 수리", "2023-01-05", "완료")


@pytest.fixture(scope="module")
def incheon() -> City:
    return a_city("incheon")


def cases(looked: Looked) -> list[CaseIn]:
    """The cases of a file without faults."""
    assert looked.missing == ()
    assert looked.checked.faults == []
    return [one for one in looked.checked.items if isinstance(one, CaseIn)]


def refused(data: bytes, incheon: City) -> tuple[str, str]:
    """Why a file cannot be read, and where."""
    with pytest.raises(Unreadable) as fault:
        look(data, "cases", incheon)
    return fault.value.reason, fault.value.where


def book(*rows: Sequence[object], merge: str = "") -> bytes:
    """An XLSX file as somebody made it by hand."""
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    if merge:
        made.active.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_csv_file_is_read_in_the_encodings_offices_use(incheon: City, encoding: str) -> None:
    (one,) = cases(look(as_csv(HEAD, [ROW], encoding), "cases", incheon))
    assert (one.title, one.received_at.date()) == ("의자 수리", date(2023, 1, 5))


@pytest.mark.parametrize("data", ["제목\n의자".encode("utf-16"), b"\xff\xfe\x00\x01", "제목,\0".encode()])
def test_other_encodings_are_named_as_such(incheon: City, data: bytes) -> None:
    assert refused(data, incheon) == ("encoding", "")


def test_separators_may_be_tabs_or_semicolons(incheon: City) -> None:
    for mark in "\t;":
        data = as_csv(HEAD, [ROW]).replace(b",", mark.encode())
        assert len(cases(look(data, "cases", incheon))) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023-01-05", date(2023, 1, 5)),
        ("2023.1.5.", date(2023, 1, 5)),
        ("2023. 1. 5", date(2023, 1, 5)),
        ("23.1.5", date(2023, 1, 5)),
        ("'23.1.5.", date(2023, 1, 5)),
        ("2023/01/05", date(2023, 1, 5)),
        ("2023년 1월 5일", date(2023, 1, 5)),
        ("2023년1월5일(목)", date(2023, 1, 5)),
        ("2023-01-05 14:30", date(2023, 1, 5)),
        ("2023-01-05T14:30:00", date(2023, 1, 5)),
        ("20230105", date(2023, 1, 5)),
        ("44931", date(2023, 1, 5)),
        ("44931.604", date(2023, 1, 5)),
        ("2023-02-30", None),
        ("2023-13-01", None),
        ("1월 5일", None),
        ("1999-01-05", None),
        ("12345", None),
        ("작년", None),
    ],
)
def test_dates_are_read_as_offices_write_them(written: str, meant: date | None) -> None:
    assert read_day(written) == meant


def test_a_spreadsheet_with_real_dates_numbers_and_a_title_above_its_head(incheon: City) -> None:
    data = book(
        ("2023년 건의사항",), (), (*HEAD, "면담"), ("1-1", "건의", "의자", date(2023, 1, 5), "완료", 2.0)
    )
    (one,) = cases(look(data, "cases", incheon))
    assert (one.received_at.date(), one.interviews, one.row) == (date(2023, 1, 5), 2, 4)


def test_cells_merged_over_rows_are_refused_below_the_head_only(incheon: City) -> None:
    rows = (("건의사항 목록",), (), HEAD, ROW, ("1-2", *ROW[1:]))
    assert refused(book(*rows, merge="B4:B5"), incheon) == ("merged", "B4:B5")
    assert len(cases(look(book(*rows, merge="A1:E2"), "cases", incheon))) == 2


def test_a_formula_counts_with_its_value_and_is_refused_without_one(incheon: City) -> None:
    data = book(HEAD, ("1-1", "건의", '="의자"&" 수리"', "2023-01-05", "완료"))
    assert refused(data, incheon) == ("formula", "2")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            xml = source.read(name).decode()
            reckoned = re.sub(
                r'(<c r="C2")([^>]*)>(<f>.*?</f>)<v ?/?>(</v>)?', r'\1 t="str">\3<v>의자 수리</v>', xml
            )
            target.writestr(name, reckoned)
    (one,) = cases(look(out.getvalue(), "cases", incheon))
    assert one.title == "의자 수리"


def test_half_a_row_and_quotes_that_do_not_end_are_named_with_their_row(incheon: City) -> None:
    looked = look(as_csv(HEAD, [ROW]) + "1-2,건의,반쪽".encode(), "cases", incheon)
    assert [(fault.row, fault.reason) for fault in looked.checked.faults] == [(3, "half_a_row")]
    assert not looked.is_right
    assert refused(as_csv(HEAD, [ROW]) + '1-2,건의,"끝나지 않는'.encode(), incheon) == ("quotes", "3")


def test_broken_and_swollen_files_are_refused(incheon: City) -> None:
    good = as_xlsx(HEAD, [ROW])
    assert refused(good[:-400] + good[-22:], incheon)[0] in {"broken", "encoding"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" ")
    # What the file says of itself: the size that the sheet would have when unpacked.
    said = out.getvalue().index(b"PK\x01\x02") + 24
    swollen = bytearray(out.getvalue())
    swollen[said : said + 4] = (401 * 1024 * 1024).to_bytes(4, "little")
    assert refused(bytes(swollen), incheon) == ("too_large", "")
    assert refused(b"PK\x05\x06" + b"\0" * 18, incheon)[0] == "broken"


def test_a_hundred_thousand_rows_are_read_and_one_more_is_too_many(incheon: City) -> None:
    full = ",".join(HEAD).encode() + b"\n1,2,3,4,5" * 100_000
    assert len(read_sheet(full).rows) == 100_001
    assert refused(full + b"\n1,2,3,4,5", incheon) == ("too_many_rows", "100000")


def test_numbers_of_people_are_covered_and_words_of_every_set_are_understood(incheon: City) -> None:
    head = ("제목", "내용", "접수일", "상태", "부서", "군구")
    rows = [
        ("전화 주세요", "010-1234-5678로요", "2023-01-05", "대체·통합", "", ""),
        ("도로", "패임", "2023-01-05", "수정채택", "도로과", "연수구"),
    ]
    hidden, road = cases(look(as_csv(head, rows), "cases", incheon))
    assert "1234" not in hidden.text
    assert (hidden.state.value, hidden.office) == ("merged", "desk")
    assert (road.state.value, str(road.outcome), road.district) == ("done", "adopted_as_amended", "yeonsu")
    looked = look(as_csv(head, [("도로", "패임", "2023-01-05", "완료", "없는과", "")]), "cases", incheon)
    assert [(fault.column, fault.reason, fault.value) for fault in looked.checked.faults] == [
        ("office", "unknown", "없는과")
    ]


@pytest.mark.parametrize("text", ["=1+1", "+82", "-3", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_no_cell_that_is_written_is_taken_for_a_formula(text: str) -> None:
    assert csv_bytes([[text]], first=False).decode().strip('"\r\n').startswith("'")


def test_a_written_spreadsheet_holds_texts_as_texts(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    written = Book()
    written.add([["=HYPERLINK(1)", "깨진\x07글자", 3, None]])
    written.save(path)
    (row,) = load_workbook(path).active.iter_rows()
    assert [(cell.data_type, cell.value) for cell in row] == [
        ("s", "=HYPERLINK(1)"),
        ("s", "깨진글자"),
        ("n", 3),
    ]


def test_rows_made_for_the_tables_are_what_they_seem(incheon: City) -> None:
    found = cases(look(as_csv(HEAD, counted("1", {"완료": 2, "이송": 1})), "cases", incheon))
    assert [one.state.value for one in found] == ["done", "done", "handed_over"]
