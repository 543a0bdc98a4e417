"""Import through the console: looked at, matched, taken in whole and once."""

import re

import httpx

from cases.vocabulary import Role
from tests.reports.files import HEAD, as_csv, as_xlsx, counted
from tests.web.staff.office import Desk, Office, read
from tests.web.staff.test_figures import tile
from tests.web.staff.test_list import listed

PATH = "/staff/import"


async def hands_in(desk: Desk, data: bytes, kind: str = "cases", name: str = "건의.csv") -> httpx.Response:
    """Send the form with a file."""
    return await desk.browser.post(
        PATH, data={"csrf": desk.csrf, "kind": kind}, files={"file": (name, data, "text/csv")}
    )


async def takes(desk: Desk, path: str) -> httpx.Response:
    """Press the button below the preview."""
    page = (await desk.get(path)).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page))
    return await desk.post(path, **{name: value for name, value in hidden.items() if name != "csrf"})


async def test_a_file_is_looked_at_then_taken_in_and_nobody_is_told(office: Office) -> None:
    desk = await office.staff(Role.DESK, ())
    rows = [
        *counted("19", {"완료": 2, "추진중": 1}, day="2019.3.2."),
        ("19-9", "제안", "긴 제안", "19.3.4", "채택"),
    ]
    answer = await hands_in(desk, as_csv(HEAD, rows))
    path = answer.headers["location"]
    page = read(await desk.get(path))
    assert "건의 파일이고, 자료가 4줄 있어요." in page
    assert "틀린 곳이 없어요." in page
    assert listed(await desk.get("/staff?view=all")) == []
    done = await takes(desk, path)
    assert "4건을 가져왔어요" in read(await desk.get(done.headers["location"]))
    found = listed(await desk.get("/staff?view=all"))
    assert sorted(found) == ["19-00001", "19-00002", "19-00003", "19-00004"]
    page = (await desk.get("/staff/figures?from=2019-01-01&to=2019-12-31")).text
    assert (tile(page, "접수"), tile(page, "끝남")) == ("4", "3")
    async with office.program.database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM outbox")).scalar_one() == 0
    assert "19-00001" in read(await desk.get("/staff/cases/19-00001"))


async def test_the_same_file_twice_does_no_harm(office: Office) -> None:
    desk = await office.staff(Role.DESK, ())
    data = as_csv(HEAD, counted("19", {"완료": 2}))
    path = (await hands_in(desk, data)).headers["location"]
    assert (await hands_in(desk, data, name="다른 이름.csv")).headers["location"] == path
    await takes(desk, path)
    assert (await takes(desk, path)).status_code == 404
    again = await desk.get((await hands_in(desk, data)).headers["location"])
    assert "이미 가져온 파일이에요" in read(again)
    longer = as_csv(HEAD, counted("19", {"완료": 3}))
    path = (await hands_in(desk, longer)).headers["location"]
    assert "그중 2건은 이미 있어서 그대로 둡니다." in read(await desk.get(path))
    await takes(desk, path)
    assert len(listed(await desk.get("/staff?view=all"))) == 3


async def test_every_fault_is_named_with_its_row_and_nothing_is_taken_in(office: Office) -> None:
    desk = await office.staff(Role.DESK, ())
    rows = [
        ("1-1", "건의", "맞는 줄", "2023-01-05", "완료"),
        ("1-1", "건의", "번호가 같은 줄", "2023-01-06", "완료"),
        ("1-3", "희망", "", "작년 봄", "글쎄"),
        ("1-4", "건의", "내일 것", "2099-01-01", "접수"),
    ]
    path = (await hands_in(desk, as_xlsx(HEAD, rows), name="건의.xlsx")).headers["location"]
    page = read(await desk.get(path))
    for fault in (
        "3행 관리번호: 같은 번호가 이 파일에 또 있어요. 1-1 (2)",
        "4행 유형: 모르는 말이에요. 희망",
        "4행 처리상황: 모르는 말이에요. 글쎄",
        "4행 접수일: 날짜로 읽을 수 없어요. 2023-01-05처럼 적어 주세요. 작년 봄",
        "4행 제목: 비어 있어요.",
        "5행 접수일: 오늘보다 뒤의 날짜예요. 2099-01-01",
    ):
        assert fault in page
    assert "고쳐야 할 곳 6군데" in page
    forced = await desk.post(path, source_ref="0", kind="1", title="2", received="3", state="4")
    assert forced.status_code == 422
    assert listed(await desk.get("/staff?view=all")) == []


async def test_columns_that_are_not_recognised_are_matched_by_hand(office: Office) -> None:
    desk = await office.staff(Role.ADMIN, ())
    data = as_csv(
        ("가", "나", "다"), [("2023-01-05", "의자 수리", "완료"), ("2023-01-06", "등 수리", "추진중")]
    )
    path = (await hands_in(desk, data)).headers["location"]
    assert "어느 열인지 알 수 없는 항목이 있어요" in read(await desk.get(path))
    matched = f"{path}?matched=1&received=0&title=1&state=2&kind=99&office=x"
    assert "틀린 곳이 없어요." in read(await desk.get(matched))
    await desk.post(path, received="0", title="1", state="2")
    assert len(listed(await desk.get("/staff?view=all"))) == 2


async def test_a_file_that_cannot_be_read_says_why(office: Office) -> None:
    desk = await office.staff(Role.DESK, ())
    answer = await hands_in(desk, "제목,접수일\n의자,2023-01-05\n".encode("utf-16"))
    assert answer.status_code == 422
    assert "글자를 읽을 수 없어요" in read(answer)
    assert "파일을 골라 주세요" in read(await desk.post(PATH, kind="cases"))
    assert "빈 파일이에요" in read(await hands_in(desk, b"\n\n"))


async def test_the_file_to_begin_with_can_be_taken_in_as_it_is(office: Office) -> None:
    desk = await office.staff(Role.DESK, ())
    for kind in ("cases", "meetings"):
        sample = await desk.get(f"{PATH}/sample/{kind}")
        path = (await hands_in(desk, sample.content, kind)).headers["location"]
        assert "틀린 곳이 없어요." in read(await desk.get(path))
        assert "done=" in (await takes(desk, path)).headers["location"]
