"""First contact: greeting, consent and what comes of a no."""

from tests.support.residents import Resident

SIGNAL = "연수구 송도2동 해돋이공원 앞 횡단보도 신호등이 안 들어와요"


async def test_a_newcomer_is_greeted_and_asked_before_anything_is_kept(stranger: Resident) -> None:
    await stranger.says("/start")
    question = await stranger.hears("인천광역시 소통", "동의하시나요?")
    assert question.labels[:3] == ("동의해요", "동의하지 않아요", "만 14세 미만이에요")


async def test_what_was_written_before_the_yes_goes_on_after_it(stranger: Resident) -> None:
    await stranger.says(SIGNAL)
    await stranger.hears("동의하시나요?")
    await stranger.presses("동의해요")
    await stranger.hears("이대로 보낼까요?", SIGNAL)
