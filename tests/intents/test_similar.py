"""Texts about the same thing find each other."""

from random import Random

import intents.similar
from intents.noise import all_three
from intents.similar import KEYS_ASKED, KEYS_KEPT, best, similarity, sketch

TEXT = "송도2동 해돋이공원 앞 가로등이 꺼져서 밤에 너무 어둡습니다. 빨리 고쳐주세요."


def test_a_copy_without_spaces_and_with_a_typo_is_nearly_the_same() -> None:
    assert similarity(TEXT, TEXT.replace(" ", "")) > 0.99
    assert similarity(TEXT, TEXT.replace("가로등", "가로둥")) > 0.95


def test_a_campaign_text_with_words_before_it_is_recognised() -> None:
    assert similarity(TEXT, "저도 같은 의견입니다 꼭 좀 부탁드려요 저희 아이들이 위험해요. " + TEXT) > 0.85


def test_another_matter_is_not_alike() -> None:
    assert similarity(TEXT, "버스 배차 간격이 너무 길어서 출근 시간에 늦습니다") < 0.5


def test_the_best_come_first() -> None:
    found = best(
        TEXT, [("bus", "버스가 안 와요"), ("light", TEXT + "!"), ("park", "공원 가로등이 꺼졌어요")], limit=2
    )
    assert [key for key, _ in found] == ["light", "park"]


def test_the_sketch_of_a_text_is_the_same_whatever_its_spaces_marks_and_emoji() -> None:
    hasty = f"  {TEXT.replace(' ', '')} ㅠㅠ!!! 😡"
    assert sketch(hasty, "yeonsu") == sketch(TEXT, "yeonsu")
    assert len(sketch(TEXT * 20, "yeonsu").keys) == KEYS_KEPT
    assert sketch("ㅋㅋ 😀 …", "yeonsu").keys == ()


def test_the_same_words_about_another_district_have_other_keys_and_the_same_form() -> None:
    here, there = sketch(TEXT, "yeonsu"), sketch(TEXT, "namdong")
    assert here.form == there.form
    assert not set(here.keys) & set(there.keys)


def test_near_copies_share_keys_and_other_matters_none() -> None:
    kept = set(sketch(TEXT, "yeonsu").keys)
    for seed in range(20):
        assert kept & set(sketch(all_three(TEXT, Random(seed)), "yeonsu", most=KEYS_ASKED).keys)
    assert not kept & set(sketch("버스 배차 간격이 너무 길어요", "yeonsu", most=KEYS_ASKED).keys)


def test_no_text_is_remembered_by_what_compares_them() -> None:
    assert not [name for name, one in vars(intents.similar).items() if hasattr(one, "cache_info")]
