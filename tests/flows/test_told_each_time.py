"""What offices do, and what residents are told of it: number, office, why, and what comes next."""

from datetime import date, datetime, timedelta

from cases.vocabulary import INTAKE_DESK, Action, Role
from storage.bindings import make_code
from storage.staff import NewStaff, add_staff
from tests.flows.channels import on_every_pair, on_telegram, on_the_web, telegram_person
from tests.support.offices import Officer
from tests.support.program import SEOUL
from tests.support.residents import Resident

LAMP = "송도2동 가로등이 꺼졌어요"


async def test_a_case_taken_is_told_with_its_office_and_date(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.takes(number)
    await resident.hears(number, "연수구 건설과가 살펴보고", "답변 기한: 2026년 11월 30일(월)")


async def test_work_begun_is_told(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.starts(number)
    notice = await resident.hears(number, "일을 시작했어요", "연수구 건설과")
    assert not notice.text.endswith("\n")


@on_every_pair
async def test_a_case_moved_to_another_office_tells_the_resident_why(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.moves(number, to="yeonsu/parks", because="공원 안에 있는 등이라서 공원 부서가 맡습니다.")
    await resident.hears(
        number,
        "연수구 건설과에서 연수구 공원녹지과로 옮겼어요",
        "공원 안에 있는 등이라서",
        "다시 보내지 않으셔도 돼요",
    )


@on_every_pair
async def test_an_offices_question_is_answered_by_its_button(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.asks(number, "몇 번째 가로등인가요?")
    await resident.hears(number, "몇 번째 가로등인가요?", "대답하기")
    await resident.presses("대답하기")
    await resident.says("입구에서 두 번째예요")
    await resident.hears("전했어요", number)
    assert not (await officer.case(number)).question_waiting


async def test_an_answer_written_without_the_button_is_recognised(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.asks(number, "몇 번째 가로등인가요?")
    await resident.says("입구에서 두 번째예요")
    await resident.hears("방금 쓰신 말씀이 그 대답인가요?", number)
    await resident.says("네")
    await resident.hears("전했어요", number)
    kept = await resident.program.rows("SELECT words FROM case_event WHERE action = 'reply'")
    assert [row[0] for row in kept] == ["입구에서 두 번째예요"]


async def test_a_new_problem_while_a_question_waits_becomes_a_card(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.asks(number, "몇 번째 가로등인가요?")
    await resident.says("부평5동 놀이터 그네가 부서졌어요")
    await resident.presses("아니요, 새 건의예요")
    await resident.hears("이대로 보낼까요?", "그네")


async def test_a_photo_or_a_place_answers_a_question_too(
    resident: Resident, officer: Officer, picture: bytes
) -> None:
    number = await resident.files(LAMP)
    await officer.asks(number, "어디쯤인가요?")
    await resident.presses("대답하기")
    await resident.shares_place(37.3823, 126.6569)
    await resident.hears("전했어요", number)
    await officer.asks(number, "사진이 있나요?")
    await resident.presses("대답하기")
    await resident.sends_photo(picture)
    await resident.hears("전했어요", number)
    events = await resident.program.rows("SELECT words, facts FROM case_event WHERE action = 'reply'")
    assert "37.38230" in str(events[0][0])
    assert "photos" in str(events[1][1])


async def test_a_long_term_case_is_told_its_day_and_that_news_comes_each_half_year(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.plans(number, by=date(2027, 6, 30), words="내년 예산에 넣겠습니다.")
    await resident.hears(number, "2027년 6월 30일(수)", "1월과 7월", "내년 예산에")


async def test_news_in_between_is_told(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.tells(number, "부품을 주문했습니다.")
    await resident.hears(number, "부품을 주문했습니다.", "끝나면 다시 알려 드려요")


@on_every_pair
async def test_an_answer_closes_the_case_and_asks_how_it_was(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "등을 새것으로 갈았습니다.")
    notice = await resident.hears(number, "등을 새것으로 갈았습니다.", "연수구 건설과")
    assert notice.labels[:5] == ("1점", "2점", "3점", "4점", "5점")


async def test_what_cannot_be_done_is_told_with_its_reason(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.declines(number, "사유지라서 시가 고칠 수 없습니다.")
    await resident.hears(number, "하기 어렵다고", "사유지라서")


async def test_a_case_handed_over_is_told_where_and_whom_to_ask(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.hands_over(number, to="@police", because="신호 단속은 경찰이 맡습니다.")
    notice = await resident.hears(number, "경찰", "신호 단속은 경찰이 맡습니다.")
    assert any(letter.isdigit() for letter in notice.text.split("물어보실 수 있어요")[1][:20])


async def test_an_offices_note_is_told_to_nobody(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.does(Action.NOTE, number, "내부 메모")
    await resident.hears_nothing()


async def test_neighbours_who_back_a_case_hear_of_it_too(
    resident: Resident, neighbour: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await neighbour.says(number)
    await neighbour.presses("공감하기")
    await neighbour.hears("1명이 공감했어요")
    await officer.answers(number, "고쳤습니다.")
    notice = await neighbour.hears(number, "고쳤습니다.")
    assert "1점" not in notice.labels


@on_telegram
async def test_at_night_a_notice_waits_for_the_morning_but_an_answer_does_not(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.program.it_becomes(datetime(2026, 11, 20, 22, 0, tzinfo=SEOUL))
    await officer.takes(number)
    await resident.hears_nothing()
    await resident.says("안녕하세요")
    await resident.hears("안녕하세요")
    await resident.hears_nothing()
    await resident.program.it_becomes(datetime(2026, 11, 21, 7, 59, tzinfo=SEOUL))
    await resident.hears_nothing()
    await resident.program.it_becomes(datetime(2026, 11, 21, 8, 0, tzinfo=SEOUL))
    await resident.hears(number, "검토를 시작했어요")


@on_telegram
async def test_who_wrote_just_now_is_up_and_told_at_once(resident: Resident, officer: Officer) -> None:
    await resident.program.it_becomes(datetime(2026, 11, 20, 22, 0, tzinfo=SEOUL))
    number = await resident.files(LAMP)
    await officer.takes(number)
    await resident.hears(number, "검토를 시작했어요")


@on_the_web
async def test_a_web_page_wakes_nobody_and_shows_at_night_too(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await resident.program.it_becomes(datetime(2026, 11, 20, 22, 0, tzinfo=SEOUL))
    await officer.takes(number)
    await resident.hears(number, "검토를 시작했어요")


async def test_who_wants_notices_at_night_gets_them_at_night(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await resident.says("/settings")
    await resident.presses("밤에도 받기")
    await resident.program.it_becomes(datetime(2026, 11, 20, 23, 0, tzinfo=SEOUL))
    await officer.takes(number)
    await resident.hears(number, "검토를 시작했어요")


async def test_who_stopped_the_notices_still_gets_the_question_and_the_final_answer(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.says("/settings")
    await resident.presses("알림 끄기")
    await resident.hears("마지막 답변과 부서의 질문은 그래도")
    await officer.takes(number)
    await officer.starts(number)
    await officer.asks(number, "몇 번째인가요?")
    await officer.answers(number, "고쳤습니다.")
    await resident.hears("몇 번째인가요?")
    await resident.hears("고쳤습니다.")
    assert not any("검토를 시작했어요" in shown.text for shown in resident.heard)
    await resident.presses("알림 켜기")
    await resident.hears("알림을 켰어요")


@on_telegram
async def test_who_blocked_the_bot_and_came_back_hears_everything_in_order(
    resident: Resident, officer: Officer
) -> None:
    person = telegram_person(resident)
    number = await resident.files(LAMP)
    await person.blocks()
    await resident.program.settles()
    await officer.takes(number)
    await officer.starts(number)
    await officer.answers(number, "고쳤습니다.")
    await resident.program.time_passes(days=40)
    await person.unblocks()
    await resident.hears("검토를 시작했어요")
    await resident.hears("일을 시작했어요")
    await resident.hears("고쳤습니다.")


@on_telegram
async def test_the_third_move_is_told_to_the_desks_group(resident: Resident, officer: Officer) -> None:
    double = resident.program.telegram
    assert double is not None
    number = await resident.files(LAMP)
    group = double.group(-2001, "접수창구")
    program = resident.program.program
    async with program.database.begin() as connection:
        new = NewStaff(login="desk", name="창구", role=Role.DESK, locale="ko", password_hash="-")
        staff = await add_staff(connection, new, resident.program.clock())
        assert staff is not None
        code = await make_code(connection, INTAKE_DESK, staff, resident.program.clock())
    await group.member(5).says(f"/bind {code}")
    await resident.program.settles()
    for office in ("yeonsu/parks", "yeonsu/parking"):
        await officer.moves(number, to=office, because="저희 일이 아닙니다.")
    assert not any(number in message.words for message in group.screen)
    await officer.moves(number, to="yeonsu/roads", because="다시 확인했습니다.")
    await resident.program.settles()
    assert any(number in message.words for message in group.screen)


async def test_each_move_is_told_and_the_history_says_who_had_it_before(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.moves(number, to="yeonsu/parks", because="공원 안이라서")
    await officer.moves(number, to="yeonsu/roads", because="길가라서")
    await resident.says(number)
    await resident.presses("지나온 일")
    history = await resident.hears("지나온 일", "공원 안이라서", "길가라서")
    lines = [line for line in history.text.splitlines() if line.startswith("•")]
    assert "접수했어요" in lines[0]
    assert "연수구 건설과에서 연수구 공원녹지과로" in lines[1]
    assert "지금: 접수, 연수구 건설과" in history.text


async def test_somebody_elses_case_tells_no_words_of_its_resident(
    resident: Resident, neighbour: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.asks(number, "몇 번째인가요?")
    await resident.presses("대답하기")
    await resident.says("우리 집 파란 대문 앞이에요")
    await neighbour.says(number)
    await neighbour.presses("지나온 일")
    history = await neighbour.hears("지나온 일")
    assert "파란 대문" not in history.text


async def test_what_waits_for_the_morning_comes_in_order(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await resident.program.it_becomes(datetime(2026, 11, 20, 21, 0, tzinfo=SEOUL))
    await officer.takes(number)
    await resident.program.time_passes(seconds=timedelta(hours=2).total_seconds())
    await officer.answers(number, "고쳤습니다.")
    await resident.program.it_becomes(datetime(2026, 11, 21, 8, 0, tzinfo=SEOUL))
    await resident.hears("검토를 시작했어요")
    await resident.hears("고쳤습니다.")


async def test_who_files_a_case_is_told_once(resident: Resident) -> None:
    await resident.files(LAMP)
    receipts = [shown for shown in resident.heard if "접수번호" in shown.text or "접수했습니다" in shown.text]
    assert len(receipts) == 1
