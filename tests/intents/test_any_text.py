"""No text of any script or length upsets the reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.masking import mask
from intents.normal import Normaliser
from intents.similar import similarity
from intents.understanding import Understanding
from tests.intents.small_city import small_city

READER = Understanding(small_city())
KOREAN = st.text(alphabet=st.sampled_from("가로등불법주차솔밭서구동12 .,!?\nㅋㅠ010-●"), max_size=200)
ANY = st.one_of(st.text(max_size=300), KOREAN)


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_every_text_is_read(text: str) -> None:
    reading = READER.read(text)
    assert len(reading.title) <= 60
    assert reading.parts
    assert sum(guess.probability for guess in reading.offices) <= 1
    for guess in reading.place.guesses:
        assert text[guess.start : guess.end] == guess.text


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_covering_numbers_keeps_the_length_and_the_words(text: str) -> None:
    masked = mask(text)
    assert len(masked.text) == len(text)
    assert bool(masked.kinds) == (masked.text != text)


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_the_normal_form_knows_where_each_character_came_from(text: str) -> None:
    normal = Normaliser(["솔밭2동"])(text)
    assert len(normal.text) == len(normal.at) == len(normal.ends)
    assert len(normal.dense) == len(normal.dense_at)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.at, normal.ends, strict=True))


@settings(deadline=None, max_examples=100)
@given(ANY, ANY)
def test_likeness_lies_between_nothing_and_the_same(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1


@pytest.mark.parametrize(
    "piece",
    [
        "가",
        "1",
        "1 ",
        "0",
        "a",
        "@",
        "😀",
        "ﷺ",
        "e\u0301\u0316",
        "\u0301",
        "가로등 ",
        "송도이동",
        "서구 ",
        "\n1. ",
        "그리고 또 ",
        "ㅋ",
        "\u1100",
    ],
)
def test_a_text_of_twenty_thousand_characters_is_read(piece: str, understanding: Understanding) -> None:
    text = piece * (20_000 // len(piece))
    assert "".join(understanding.read(text).parts) == text, "nothing that was written is lost"
    assert len(mask(text).text) == len(text)
