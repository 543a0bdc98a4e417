"""Which office is proposed, and when the bot says that it is not sure."""

import pytest

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
    reading = small.read("놀이터랑 가로등")
    assert not reading.confident
    assert {guess.department for guess in reading.offices[:2]} == {"parks", "roads"}


@pytest.mark.parametrize(
    "text",
    ["놀이터 앞 가로등", "등대공원 앞 가로등이 꺼졌어요", "공원 옆 가로등", "놀이터 근처에 가로등이 없어요"],
)
def test_words_that_only_say_where_leave_the_office_clear(small: Understanding, text: str) -> None:
    reading = small.read(text)
    assert (reading.offices[0].department, reading.confident) == ("roads", True)


def test_what_only_says_where_still_counts_when_nothing_else_is_said(small: Understanding) -> None:
    assert small.offices("놀이터 앞")[0].department == "parks"


def test_another_first_syllable_makes_a_short_word_another_word(small: Understanding) -> None:
    assert small.offices("미로등이 예뻐요") == ()
    assert small.offices("까로등이 꺼졌어요")[0].department == "roads"


def test_a_word_written_as_it_sounds_is_as_good_as_the_right_one(small: Understanding) -> None:
    assert small.read("가로뜽이 꺼졌어요").confident
    assert not small.read("가로동이 꺼졌어요").confident


def test_a_duty_borrows_a_word_that_residents_use_for_another_office(understanding: Understanding) -> None:
    assert understanding.read("일자리 있나요").offices[0].department == "jobs"


def test_one_clear_word_is_enough_to_be_sure(small: Understanding) -> None:
    assert small.read("가로등이 꺼졌어요").confident


def test_a_text_about_nothing_has_no_office(small: Understanding) -> None:
    assert small.offices("음 그게 말이죠") == ()


def test_thanks_say_nothing_about_the_audit_office(understanding: Understanding) -> None:
    assert understanding.offices("고쳐주시면 감사하겠습니다") == ()
