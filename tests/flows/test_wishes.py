"""Language, own data, being forgotten, and numbers of people that nobody may read."""

import json

from tests.flows.channels import browser_of, on_every_pair, on_telegram, on_the_web, telegram_person
from tests.flows.conftest import NewResident
from tests.support.offices import Officer
from tests.support.residents import Resident

LAMP = "송도2동 가로등이 꺼졌어요"


async def test_the_language_is_changed_in_words_and_holds_for_notices(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.says("언어 바꿔 주세요")
    await resident.presses("English")
    await resident.hears("English")
    await officer.takes(number)
    notice = await resident.hears(number)
    assert "검토" not in notice.text
    await resident.says("/language")
    await resident.presses("한국어")
    await resident.hears("이제 한국어로")


async def test_somebody_who_speaks_english_gets_through_to_a_receipt(resident: Resident) -> None:
    await resident.says("English please")
    await resident.hears("English from now on")
    await resident.says("송도2동 가로등이 꺼졌어요")
    await resident.hears("Send")
    await resident.says("yes, send it")
    await resident.hears("26-00001", "Mon, 30 Nov 2026")


async def test_who_cannot_read_a_language_is_shown_all_there_are(resident: Resident) -> None:
    await resident.says("영어는 못 읽어요")
    await resident.hears("어느 말로 할까요?")


@on_telegram
async def test_who_reads_telegram_in_english_is_greeted_in_english(newcomer: NewResident) -> None:
    program = newcomer().program
    assert program.telegram is not None
    visitor = program.telegram.person(77, name="Kim", language="en")
    await visitor.says("hello")
    await program.settles()
    assert "Do you agree" in visitor.screen[-1].words


@on_every_pair
async def test_own_data_come_as_a_file_with_what_was_said_and_done(
    resident: Resident, officer: Officer, picture: bytes
) -> None:
    number = await resident.files(LAMP)
    await officer.asks(number, "몇 번째인가요?")
    await resident.presses("대답하기")
    await resident.says("두 번째예요")
    await resident.says("내 정보 보여 주세요")
    await resident.presses("내 정보 파일로 받기")
    file = await resident.hears("내 정보가 담긴 파일이에요")
    data = json.loads(await resident.device.download(file))
    assert data["cases"][0]["number"] == number
    assert data["cases"][0]["text"] == LAMP
    assert "두 번째예요" in [deed["words"] for deed in data["cases"][0]["what_you_did"]]


@on_the_web
async def test_the_file_of_own_data_opens_with_the_own_cookie_only(
    resident: Resident, newcomer: NewResident
) -> None:
    await resident.files(LAMP)
    await resident.says("내 정보")
    other = resident.program.browser()
    assert (await other.get("/chat/my-data")).status_code == 404
    stranger = newcomer()
    await stranger.agrees()
    answer = await browser_of(stranger).browser.get("/chat/my-data")
    assert LAMP not in answer.text


@on_every_pair
async def test_who_is_forgotten_leaves_the_case_without_a_person(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.says("/privacy")
    await resident.presses("내 정보 지우기")
    await resident.hears("정말 지울까요?", "남겨야 하는 기록")
    await resident.presses("네, 지워 주세요")
    await resident.hears("지웠습니다")
    case = await officer.case(number)
    assert case.resident_id is None
    await officer.answers(number, "고쳤습니다.")
    await resident.hears_nothing()
    await resident.says("내 건의")
    await resident.hears("동의하시나요?")


@on_every_pair
async def test_nothing_ties_a_forgotten_person_to_their_case(resident: Resident) -> None:
    number = await resident.files(LAMP)
    await resident.says("/privacy")
    await resident.presses("내 정보 지우기")
    await resident.presses("네, 지워 주세요")
    rows = await resident.program.rows(
        "SELECT o.id FROM outbox o JOIN conversation c ON c.id = o.conversation_id"
        " WHERE NOT c.is_group AND (o.case_id IS NOT NULL OR CAST(o.params AS TEXT) LIKE :number)",
        number=f"%{number}%",
    )
    assert not rows


async def test_second_thoughts_about_being_forgotten_change_nothing(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.says("/privacy")
    await resident.presses("내 정보 지우기")
    await resident.says("아니요")
    await resident.hears("그대로 두었어요")
    assert (await officer.case(number)).resident_id is not None


@on_every_pair
async def test_numbers_of_people_are_covered_everywhere_and_the_person_is_told(
    resident: Resident, officer: Officer, picture: bytes
) -> None:
    await resident.says(
        "송도2동 가로등이 꺼졌어요 제 번호는 010-1234-5678이고 주민번호는 900101-1234567이에요"
    )
    await resident.hears("개인정보가 있어서 가렸어요", "전화번호", "주민등록번호")
    await resident.presses("이대로 보내기")
    number = "26-00001"
    await resident.hears(number)
    await resident.presses("내용 더하기")
    await resident.says("카드는 4111 1111 1111 1111, 차는 12가 3456이에요")
    await resident.hears("카드번호", "차량번호")
    await resident.sends_photo(picture, caption="여기로 전화 주세요 010-9876-5432")
    await resident.program.settles()
    kept = await resident.program.everything_kept()
    for secret in ("1234-5678", "12345678", "900101", "4111", "12가 3456", "9876-5432", "98765432"):
        assert secret not in kept, secret


async def test_numbers_written_before_the_yes_are_covered_too(stranger: Resident) -> None:
    await stranger.says("송도2동 가로등이 꺼졌어요 010-1234-5678")
    kept = await stranger.program.everything_kept()
    assert "송도2동 가로등" in kept
    assert "1234-5678" not in kept


@on_telegram
async def test_numbers_in_a_changed_message_are_covered_too(resident: Resident) -> None:
    person = telegram_person(resident)
    said = await person.says(LAMP)
    await resident.program.settles()
    await person.edits(said, f"{LAMP} 010-1234-5678")
    await resident.hears("이대로 보낼까요?")
    assert "1234-5678" not in await resident.program.everything_kept()


async def test_the_citys_own_numbers_stay_readable(resident: Resident) -> None:
    await resident.says("032-120에 전화했는데 안 받아요 송도2동 가로등이 꺼졌어요")
    assert not any("가렸어요" in shown.text for shown in resident.fresh)
