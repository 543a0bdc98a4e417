"""First contact: greeting, consent and what comes of a no."""

from handlers.replies import ReplyKind
from tests.flows.channels import on_every_pair
from tests.flows.conftest import NewResident
from tests.support.residents import Resident

SIGNAL = "연수구 송도2동 해돋이공원 앞 횡단보도 신호등이 안 들어와요"


@on_every_pair
async def test_a_newcomer_is_greeted_and_asked_before_anything_is_kept(stranger: Resident) -> None:
    await stranger.says("/start")
    question = await stranger.hears("인천광역시 소통", "동의하시나요?")
    assert question.labels[:3] == ("동의해요", "동의하지 않아요", "만 14세 미만이에요")
    assert not await stranger.program.rows("SELECT id FROM resident")


async def test_the_question_names_what_the_law_asks_for(stranger: Resident) -> None:
    await stranger.says("/start")
    await stranger.hears("왜 쓰나요", "무엇을 쓰나요", "언제까지 두나요", "동의하지 않아도 됩니다", "14세")


@on_every_pair
async def test_what_was_written_before_the_yes_goes_on_after_it(stranger: Resident) -> None:
    await stranger.says(SIGNAL)
    await stranger.hears("동의하시나요?")
    await stranger.presses("동의해요")
    await stranger.hears("이대로 보낼까요?", SIGNAL)


async def test_words_written_in_pieces_before_the_yes_are_all_kept(stranger: Resident) -> None:
    await stranger.says("가로등이 나갔어요", "연수동 육교 밑이에요")
    await stranger.hears("잘 두었어요", "동의하시나요?")
    await stranger.presses("동의해요")
    await stranger.is_shown_the_card("가로등이 나갔어요", "육교 밑이에요")


async def test_the_long_question_is_asked_once_and_its_button_stays_good(stranger: Resident) -> None:
    await stranger.says("/start")
    question = await stranger.hears("언제까지 두나요")
    await stranger.says("가로등이 나갔어요")
    assert len((await stranger.hears("동의하시나요?")).text) < 120
    await stranger.presses("동의해요", on=question)
    await stranger.hears("어디인가요?", "가로등이 나갔어요")


async def test_a_yes_in_words_is_a_yes(stranger: Resident) -> None:
    await stranger.says(SIGNAL, "네, 동의합니다.")
    await stranger.hears("이대로 보낼까요?")


async def test_a_photo_and_a_place_sent_before_the_yes_are_kept(stranger: Resident, picture: bytes) -> None:
    await stranger.sends_photo(picture)
    await stranger.shares_place(37.3823, 126.6569)
    await stranger.presses("동의해요")
    await stranger.hears("사진이나 위치는 잘 받았어요")
    await stranger.says("가로등이 꺼졌어요")
    await stranger.hears("이대로 보낼까요?", "연수구", "1장")


@on_every_pair
async def test_who_says_no_is_still_given_the_numbers_and_nothing_is_kept(
    stranger: Resident, picture: bytes
) -> None:
    await stranger.sends_photo(picture)
    await stranger.says(SIGNAL)
    await stranger.presses("동의하지 않아요")
    await stranger.hears("032-120", "119")
    kept = await stranger.program.everything_kept()
    assert "해돋이공원" not in kept
    assert not await stranger.program.rows("SELECT id FROM attachment")
    assert not await stranger.program.rows("SELECT id FROM resident")


async def test_a_no_in_words_is_a_no(stranger: Resident) -> None:
    await stranger.says("/start", "아니요")
    await stranger.hears("동의하지 않으셔도 전화로 도와 드려요")


async def test_who_said_no_may_still_say_yes(stranger: Resident) -> None:
    await stranger.says("/start")
    await stranger.presses("동의하지 않아요")
    await stranger.presses("동의하고 여기서 할게요")
    await stranger.says(SIGNAL)
    await stranger.hears("이대로 보낼까요?")


async def test_a_child_is_told_that_a_guardian_is_needed_and_loses_no_words(stranger: Resident) -> None:
    await stranger.says(SIGNAL)
    await stranger.presses("만 14세 미만이에요")
    await stranger.hears("보호자의 동의가 있어야 해요")
    await stranger.presses("보호자예요. 동의해요")
    await stranger.hears("이대로 보낼까요?", SIGNAL)


async def test_who_writes_that_they_are_a_child_is_told_of_the_guardian(stranger: Resident) -> None:
    await stranger.says("저는 초등학교 3학년이에요 놀이터 그네가 부서졌어요")
    await stranger.hears("보호자의 동의가 있어야 해요")


async def test_help_and_a_person_are_to_be_had_before_the_yes(stranger: Resident) -> None:
    await stranger.says("사람이랑 통화하고 싶어요")
    await stranger.hears("032-120")


async def test_an_emergency_comes_before_consent(stranger: Resident) -> None:
    await stranger.says("사람이 쓰러졌어요")
    await stranger.hears("119", "112")
    await stranger.presses("급하지 않아요")
    await stranger.hears("동의하시나요?")
    await stranger.presses("동의해요")
    await stranger.hears("사람이 쓰러졌어요")


async def test_the_question_can_be_read_in_english(stranger: Resident) -> None:
    await stranger.says(SIGNAL)
    await stranger.presses("English")
    question = await stranger.hears("Do you agree")
    assert "한국어" in question.labels
    await stranger.presses("I agree")
    await stranger.hears("해돋이공원", "Send")


async def test_a_yes_is_noted_with_its_wording_and_day(resident: Resident) -> None:
    ((version, day),) = await resident.program.rows("SELECT consent_version, consented_at FROM resident")
    assert version == "2026-11"
    assert str(day).startswith("2026-11-20")


async def test_two_people_are_two_residents(newcomer: NewResident) -> None:
    one, other = newcomer(), newcomer()
    await one.agrees()
    await other.agrees()
    assert len(await one.program.rows("SELECT id FROM resident")) == 2
    await one.files("송도2동 가로등이 꺼졌어요")
    await other.says("내 건의")
    await other.hears("아직 보내신 건의가 없어요")


def test_every_kind_of_reply_is_known_to_the_devices() -> None:
    # A new kind needs a way to be seen by the residents of these tests.
    assert {kind.value for kind in ReplyKind} == {"message", "edit", "toast", "photo", "document"}
