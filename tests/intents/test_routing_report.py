"""What the report of a measurement points at."""

from dataclasses import replace
from random import Random

from intents.evaluate import RoutingRow, route
from intents.noise import NOISES, mistyped, without_spaces
from intents.routing_report import misleading_terms, report_routing
from intents.understanding import Understanding
from tests.intents.small_city import small_city

ROWS = [
    RoutingRow("공원 앞 도로가 막혀요", "bus"),
    RoutingRow("공원 가는 길이 멀어요", "bus"),
    RoutingRow("가로등이 꺼졌어요", "roads"),
]


def test_the_costliest_confusion_and_the_word_behind_it_come_first(small: Understanding) -> None:
    report = report_routing(small, small_city(), ROWS)
    worst = report.confusions[0]
    assert (worst.right, worst.given, worst.times) == ("bus", "parks", 2)
    assert [(one.department, one.term, one.wrong) for one in report.misleading] == [("parks", "공원", 2)]
    assert report.departments["roads"].recall == 1.0


def test_a_word_that_is_right_as_often_misleads_nobody(small: Understanding) -> None:
    rows = [*ROWS, RoutingRow("공원 화장실", "parks"), RoutingRow("공원 의자", "parks")]
    assert misleading_terms(route(small, small_city(), rows)) == ()


def test_departments_nobody_gave_keywords_are_named(small: Understanding) -> None:
    city = small_city()
    bare = replace(city, departments=(replace(city.departments[0], keywords=()), *city.departments[1:]))
    assert report_routing(small, bare, ROWS).without_keywords == ("parking",)


def test_the_same_noise_comes_every_time_and_spares_what_is_no_korean() -> None:
    text = "가로등이 꺼져서 밤에 너무 어둡습니다 abc 12"
    assert mistyped(text, Random(1)) == mistyped(text, Random(1)) != text
    assert mistyped("abc 12", Random(1)) == "abc 12"
    assert without_spaces(text, Random(1)) == text.replace(" ", "")
    assert set(NOISES) == {"no_spaces", "typos", "particles", "all"}
