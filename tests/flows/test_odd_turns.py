"""What people also do: cry for help, want a person, swear, repeat, press old buttons, send stickers."""

from tests.flows.channels import browser_of, on_every_pair, on_telegram, on_the_web, telegram_person
from tests.flows.conftest import NewResident
from tests.support.devices import Button
from tests.support.residents import Resident

LAMP = "송도2동 가로등이 꺼졌어요"


async def test_an_emergency_is_answered_with_the_numbers_first_and_then_goes_on(resident: Resident) -> None:
    await resident.says("송도2동 상가에서 불이 났어요")
    first = resident.fresh[0]
    assert "119" in first.text
    assert "112" in first.text
    if resident.device.channel == "web":
        assert [button.telephone for button in first.buttons][:2] == ["119", "112"]
    await resident.presses("급하지 않아요. 건의로 계속")
    await resident.hears("불이 났어요")


async def test_an_emergency_breaks_into_everything_and_the_draft_is_kept(resident: Resident) -> None:
    await resident.says(LAMP, "사람이 쓰러졌어요")
    await resident.hears("119")
    await resident.says("급하지 않아요")
    await resident.presses("이대로 보내기")
    await resident.hears("쓰고 있던 건의로 돌아왔어요", LAMP)


async def test_who_wants_a_person_gets_the_numbers_and_a_ticket_to_the_desk(resident: Resident) -> None:
    await resident.says("사람이랑 통화하고 싶어요")
    await resident.hears("032-120")
    await resident.presses("글 남기기")
    await resident.says("전화로 말씀드릴 일이 있어서요")
    await resident.hears("이대로 보낼까요?", "접수창구", "비공개")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호 26-00001", "접수창구")


async def test_swearing_advertising_and_gibberish_get_one_calm_answer_and_no_ticket(
    resident: Resident,
) -> None:
    for words, answered in (
        ("야 이 개새끼들아", "속상하셨나 봐요"),
        ("저금리 대출 무담보 당일승인 카톡문의", "광고는 접수하지 않아요"),
        ("ㅁㄴㅇㄹㅁㄴㅇㄹ", "알아보지 못했어요"),
    ):
        await resident.says(words)
        await resident.hears(answered)
        await resident.hears_nothing()
    assert not await resident.program.rows("SELECT id FROM cases")


async def test_swearing_at_the_card_leaves_the_card_as_it_is(resident: Resident) -> None:
    await resident.says(LAMP, "야 이 개새끼들아")
    await resident.hears("속상하셨나 봐요")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호")
    assert "새끼" not in await resident.program.everything_kept()


async def test_an_angry_complaint_is_still_a_complaint(resident: Resident) -> None:
    await resident.says("아 진짜 송도2동 가로등 몇 달째 꺼져 있냐 씨발 좀 고쳐라")
    await resident.takes_the_first_office()
    await resident.hears("이대로 보낼까요?")


@on_telegram
async def test_a_flood_gets_one_calm_word_and_is_heard_again_after_a_minute(resident: Resident) -> None:
    # Nobody types that fast: the clock stands still in between.
    for number in range(60):
        await resident.device.send_text(f"안녕하세요 {number}")
    await resident.looks()
    assert len([shown for shown in resident.fresh if "너무 빨리" in shown.text]) == 1
    assert len(resident.fresh) <= 41
    await resident.program.time_passes(minutes=1)
    await resident.says(LAMP)
    await resident.hears("이대로 보낼까요?")


@on_every_pair
async def test_an_old_button_is_said_to_be_over_and_does_nothing(resident: Resident) -> None:
    await resident.says(LAMP)
    card = await resident.hears("이대로 보낼까요?")
    await resident.presses("이대로 보내기", on=card)
    await resident.hears("접수번호")
    await resident.presses("이대로 보내기", on=card)
    await resident.hears("이미 지난 선택입니다")
    assert len(await resident.program.rows("SELECT id FROM cases")) == 1


@on_the_web
async def test_a_button_that_was_never_shown_is_answered_as_an_old_one(resident: Resident) -> None:
    await resident.says(LAMP)
    card = await resident.hears("이대로 보낼까요?")
    token = card.buttons[0].action.partition(":")[0]
    for forged in ("nonsense", "to:99", "at:-1", "at:x", "parts:each", "to:"):
        await resident.device.press(card, Button("", f"{token}:{forged}"))
        await resident.hears("이미 지난 선택입니다")


@on_telegram
async def test_a_sticker_a_voice_a_file_and_a_contact_are_answered_sensibly(resident: Resident) -> None:
    person = telegram_person(resident)
    await person.sends_sticker()
    await resident.hears("스티커 고맙습니다")
    await person.sends_voice()
    await resident.hears("음성은 들을 수 없어요")
    await person.sends_document(b"%PDF-1.7", "의견.pdf")
    await resident.hears("이 파일은 받을 수 없어요")
    await person.sends_contact("010-1234-5678")
    await resident.hears("연락처는 받지 않고")
    assert "1234-5678" not in await resident.program.everything_kept()


@on_telegram
async def test_an_album_puts_all_its_photos_on_one_card(resident: Resident, picture: bytes) -> None:
    await resident.says(LAMP)
    await telegram_person(resident).sends_album([picture, picture, picture])
    await resident.hears("이대로 보낼까요?", "3장")


@on_telegram
async def test_an_album_before_any_words_is_answered_once_and_kept_whole(
    resident: Resident, picture: bytes
) -> None:
    await telegram_person(resident).sends_album([picture, picture, picture])
    await resident.hears("사진을 받았어요")
    await resident.hears_nothing()
    await resident.says(LAMP)
    await resident.hears("이대로 보낼까요?", "3장")


@on_telegram
async def test_something_that_is_no_picture_is_said_so(resident: Resident) -> None:
    await telegram_person(resident).sends_document(b"not a picture", "photo.jpg", mime="image/jpeg")
    await resident.hears("사진이 아니라서")


@on_the_web
async def test_the_same_turn_sent_twice_is_one_turn(resident: Resident) -> None:
    browser = browser_of(resident)
    await browser.send_again("doubtful", LAMP)
    await browser.send_again("doubtful", LAMP)
    await resident.hears("이대로 보낼까요?")
    await resident.hears_nothing()


@on_every_pair
async def test_turns_sent_at_once_are_answered_in_their_order(resident: Resident) -> None:
    for words in (LAMP, "네", "26-00001", "고맙습니다"):
        await resident.device.send_text(words)
    await resident.hears("이대로 보낼까요?")
    await resident.hears("접수번호 26-00001")
    await resident.hears("26-00001 · 접수")
    await resident.hears("저희가 더 고맙습니다")


@on_every_pair
async def test_two_people_writing_at_once_never_get_each_others_answers(newcomer: NewResident) -> None:
    people = [newcomer() for _ in range(3)]
    for person in people:
        await person.agrees()
    places = ("송도2동", "부평5동", "간석동")
    for person, place in zip(people, places, strict=True):
        await person.device.send_text(f"{place} 가로등이 꺼졌어요")
    for person, place in zip(people, places, strict=True):
        assert place in (await person.hears("이대로 보낼까요?")).text


async def test_help_says_what_can_be_done(resident: Resident) -> None:
    await resident.says("이거 어떻게 쓰는 거예요?")
    await resident.hears("이렇게 쓰시면 돼요", "032-120")


async def test_an_unknown_command_is_answered_with_help(resident: Resident) -> None:
    await resident.says("/nosuchcommand")
    await resident.hears("이렇게 쓰시면 돼요")


async def test_greetings_and_thanks_are_answered_in_kind(resident: Resident) -> None:
    await resident.says("안녕하세요")
    await resident.hears("반갑습니다")
    await resident.says("감사합니다")
    await resident.hears("저희가 더 고맙습니다")


async def test_a_few_letters_are_asked_about(resident: Resident) -> None:
    await resident.says("음")
    assert len(resident.fresh) == 1
