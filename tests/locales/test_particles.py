"""The particle after a word is the one a Korean would say."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.catalogue import fill
from locales.particles import with_particle

SYLLABLES = [chr(code) for code in range(ord("가"), ord("힣") + 1)]
RIEUL = "\N{HANGUL JONGSEONG RIEUL}"


def final(syllable: str) -> str:
    """The consonant a syllable ends in, or "": read from Unicode's own taking apart."""
    return unicodedata.normalize("NFD", syllable)[2:]


@pytest.mark.parametrize("pair", ["은/는", "이/가", "을/를", "과/와", "이에요/예요"])
def test_every_syllable_takes_the_first_of_a_pair_after_a_final_consonant(pair: str) -> None:
    closed, opened = pair.split("/")
    wrong = [one for one in SYLLABLES if with_particle(one, pair) != one + (closed if final(one) else opened)]
    assert wrong == []


def test_every_syllable_ending_in_rieul_takes_ro_like_one_ending_in_a_vowel() -> None:
    wrong = [
        one
        for one in SYLLABLES
        if with_particle(one, "으로/로") != one + ("로" if final(one) in ("", RIEUL) else "으로")
    ]
    assert wrong == []


@given(st.text(), st.sampled_from(SYLLABLES))
def test_only_the_end_of_a_word_decides(before: str, last: str) -> None:
    assert with_particle(before + last, "은/는") == before + with_particle(last, "은/는")


@given(st.text(), st.sampled_from(["은/는", "으로/로"]))
def test_any_word_keeps_its_letters_and_gets_one_particle(word: str, pair: str) -> None:
    assert with_particle(word, pair) in [word + particle for particle in pair.split("/")]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("26-00010", "26-00010은"),  # 영
        ("26-00011", "26-00011은"),  # 일
        ("26-00012", "26-00012는"),  # 이
        ("26-00013", "26-00013은"),  # 삼
        ("26-00014", "26-00014는"),  # 사
        ("26-00015", "26-00015는"),  # 오
        ("26-00016", "26-00016은"),  # 육
        ("26-00017", "26-00017은"),  # 칠
        ("26-00018", "26-00018은"),  # 팔
        ("26-00019", "26-00019는"),  # 구
        ("２６－０００１３", "２６－０００１３은"),
        ("LH", "LH는"),
        ("KTX역", "KTX역은"),
        ("GTX-M", "GTX-M은"),
        ("50%", "50%는"),
        ("", "는"),
    ],
)
def test_numbers_and_letters_are_read_aloud(word: str, said: str) -> None:
    assert with_particle(word, "은/는") == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("연수구 교통행정과", "연수구 교통행정과로"),
        ("인천경찰청", "인천경찰청으로"),
        ("남동구 건설", "남동구 건설로"),
        ("한국전력공사(한전)", "한국전력공사(한전)으로"),
        ("‘서해구’", "‘서해구’로"),
        ("26-00017", "26-00017로"),
        ("GTX-L", "GTX-L로"),
    ],
)
def test_an_office_takes_the_particle_of_direction(word: str, said: str) -> None:
    assert with_particle(word, "으로/로") == said


def test_a_word_typed_letter_by_letter_counts_as_the_syllables_it_shows() -> None:
    apart = unicodedata.normalize("NFD", "경찰청")
    assert with_particle(apart, "은/는") == apart + "은"


def test_a_template_may_ask_for_a_particle_after_what_fills_it() -> None:
    words = {"office": "연수구 교통행정과", "before": "접수창구"}
    text = fill("{before}에서 {office|으로/로}", words.__getitem__)
    assert text == "접수창구에서 연수구 교통행정과로"
