"""Which office is proposed, and when the bot says that it is not sure."""

from intents.city import Level
from intents.understanding import Understanding


def test_the_terms_that_decided_are_given_back(small: Understanding) -> None:
    best = small.offices("솔밭1동에 불 법 주 차 가 심해요")[0]
    assert (best.department, best.level) == ("parking", Level.DISTRICT)
    assert "불법주차" in best.terms


def test_a_typo_in_a_long_word_is_forgiven_and_in_a_short_one_not(small: Understanding) -> None:
    assert small.offices("가로둥이 꺼졌어요")[0].department == "roads"
    assert small.offices("버수가 안 와요") == ()


def test_another_authority_needs_no_place(small: Understanding) -> None:
    best = small.offices("전봇대가 기울었어요")[0]
    assert (best.department, best.level) == ("@kepco", None)


def test_probabilities_leave_room_for_none_of_them(small: Understanding) -> None:
    guesses = small.offices("버스 정류장 옆 가로등이랑 놀이터")
    assert 0 < sum(guess.probability for guess in guesses) < 1
    assert list(guesses) == sorted(guesses, key=lambda guess: -guess.probability)


def test_two_offices_spoken_for_alike_are_offered_and_not_sent(small: Understanding) -> None:
    reading = small.read("놀이터 앞 가로등")
    assert not reading.confident
    assert {guess.department for guess in reading.offices[:2]} == {"parks", "roads"}


def test_one_clear_word_is_enough_to_be_sure(small: Understanding) -> None:
    assert small.read("가로등이 꺼졌어요").confident


def test_a_text_about_nothing_has_no_office(small: Understanding) -> None:
    assert small.offices("음 그게 말이죠") == ()


def test_thanks_say_nothing_about_the_audit_office(understanding: Understanding) -> None:
    assert understanding.offices("고쳐주시면 감사하겠습니다") == ()
