"""The figures of a measurement, counted on rows small enough to count by hand."""

from dataclasses import asdict

import pytest

from intents.evaluate import (
    IntentRow,
    PlaceRow,
    RoutingRow,
    evaluate_intents,
    evaluate_places,
    evaluate_routing,
)
from intents.figures import macro_f1, per_class, percentile
from intents.understanding import Understanding
from tests.intents.small_city import small_city

CITY = small_city()


def test_routing_counts_what_is_right_first_and_what_would_be_sent(small: Understanding) -> None:
    rows = [
        RoutingRow("가로등이 꺼졌어요", "도로과"),
        RoutingRow("놀이터랑 가로등", "parks"),
        RoutingRow("전봇대가 기울었어요", "@kepco"),
        RoutingRow("음 그게 말이죠", "bus"),
    ]
    found = evaluate_routing(small, CITY, rows)
    assert (found.n, found.top3) == (4, 0.75)
    assert (found.covered, found.covered_precision) == (0.5, 1.0)
    assert set(asdict(found)) == {
        "n", "top1", "top3", "macro_f1", "covered", "covered_precision", "p50_ms", "p95_ms",
    }  # fmt: skip


def test_a_department_that_the_pack_lacks_is_named(small: Understanding) -> None:
    with pytest.raises(ValueError, match="우주과"):
        evaluate_routing(small, CITY, [RoutingRow("로켓", "우주과")])


def test_places_count_questions_and_mistakes_apart(small: Understanding) -> None:
    rows = [
        PlaceRow("솔밭이동 가로등", "북해구", "솔밭2동"),
        PlaceRow("서구 가로등", "북해구|남해구", ""),
        PlaceRow("가로등", "", ""),
        PlaceRow("갈매동 가로등", "북해구", "갈매동"),
    ]
    found = evaluate_places(small, CITY, rows)
    assert (found.district_accuracy, found.place_accuracy) == (0.75, 1.0)
    assert (found.asked, found.wrong) == (0.25, 0.25)


def test_an_unknown_district_is_named_with_its_text(small: Understanding) -> None:
    with pytest.raises(ValueError, match="달구"):
        evaluate_places(small, CITY, [PlaceRow("달에서", "달구", "")])


def test_intents_are_counted_each(small: Understanding) -> None:
    found = evaluate_intents(small, [IntentRow("안녕하세요", "greeting"), IntentRow("도움말", "cancel")])
    assert (found.n, found.accuracy) == (2, 0.5)
    assert found.per_intent["greeting"].f1 == 1.0
    with pytest.raises(ValueError, match="dance"):
        evaluate_intents(small, [IntentRow("춤", "dance")])


def test_precision_and_recall_are_those_of_the_textbook() -> None:
    found = per_class([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    assert (found["a"].precision, found["a"].recall) == (1.0, 0.5)
    assert found["b"].precision == pytest.approx(2 / 3)
    assert macro_f1([]) == 0.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
