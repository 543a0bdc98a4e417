"""Texts about the same thing find each other."""

from intents.similar import best, similarity

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
