"""Export: the list as it was asked for, in a file that no spreadsheet mistakes for something else."""

import csv
import io

from openpyxl import load_workbook

from cases.vocabulary import Kind, Role
from tests.reports.files import HEAD, Reception, a_city, as_csv, counted
from tests.web.staff.office import ELSEWHERE, Desk, Office


async def rows(desk: Desk, query: str = "view=all") -> list[list[str]]:
    """The lines of an exported CSV file."""
    answer = await desk.get(f"/staff/export.csv?{query}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_list_is_exported_as_it_is_narrowed_and_to_who_may_see_it(office: Office) -> None:
    mine = await office.case('=HYPERLINK("x") 가로등', kind=Kind.COMPLAINT)
    other = await office.case(office=ELSEWHERE)
    desk, officer = await office.staff(Role.DESK, ()), await office.staff()
    head, *lines = await rows(desk)
    assert head[:5] == ["번호", "관리번호", "유형", "제목", "내용"]
    assert sorted(line[0] for line in lines) == [str(mine.number), str(other.number)]
    (line,) = (await rows(desk, "view=all&kind=complaint"))[1:]
    assert line[2:5] == ["민원", '\'=HYPERLINK("x") 가로등', '\'=HYPERLINK("x") 가로등']
    assert [line[0] for line in (await rows(officer))[1:]] == [str(mine.number)]
    assert (await rows(officer, "view=all&office=namdong/parks"))[1:] == []


async def test_a_reader_gets_no_words_of_residents(office: Office) -> None:
    await office.case("제 이름은 비밀이에요", public=False)
    reader = await office.staff(Role.READER, ())
    head, line = await rows(reader)
    assert "내용" not in head
    assert "(비공개)" in line
    assert not any("비밀" in cell for cell in line)


async def test_a_spreadsheet_holds_the_same_lines(office: Office) -> None:
    case = await office.case("=1+1")
    desk = await office.staff(Role.DESK, ())
    answer = await desk.get("/staff/export.xlsx?view=all")
    _, line = load_workbook(io.BytesIO(answer.content)).active.iter_rows()
    assert (line[0].value, line[3].value, line[3].data_type) == (str(case.number), "=1+1", "s")
    assert (await desk.get("/staff/export.pdf")).status_code == 404


async def test_a_list_longer_than_is_read_at_once_is_exported_whole(office: Office) -> None:
    many = as_csv(HEAD, counted("23", {"완료": 450, "추진중": 100}))
    await Reception(office.program.database, a_city("incheon")).takes("cases", many)
    lines = (await rows(await office.staff(Role.DESK, ())))[1:]
    assert len({line[0] for line in lines}) == len(lines) == 550
