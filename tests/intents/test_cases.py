"""Hundreds of short cases kept as data: what a text says, as people write it."""

import csv
from pathlib import Path

import pytest

from intents.children import mentions_child
from intents.city import City
from intents.evaluate import PlaceRow, evaluate_places
from intents.masking import mask
from intents.normal import Normaliser
from intents.place_names import every_spelling
from intents.understanding import Understanding

FOLDER = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str) -> pytest.MarkDecorator:
    found = rows(name)
    return pytest.mark.parametrize("row", found, ids=[row["text"][:40] for row in found])


@cases("intents.csv")
def test_a_message_is_taken_for_what_the_person_wants(
    understanding: Understanding, row: dict[str, str]
) -> None:
    assert understanding.read(row["text"]).intent == row["intent"]


@cases("places.csv")
def test_the_place_is_read_as_a_local_would(
    understanding: Understanding, incheon: City, row: dict[str, str]
) -> None:
    expected = PlaceRow(row["text"], row["district"], row["place"])
    found = evaluate_places(understanding, incheon, [expected])
    assert found.district_accuracy == 1.0, understanding.places(row["text"])
    assert found.place_accuracy == 1.0 or not row["place"], understanding.places(row["text"])


@cases("routing.csv")
def test_an_everyday_message_reaches_an_office_that_can_act(
    understanding: Understanding, row: dict[str, str]
) -> None:
    reading = understanding.read(row["text"])
    assert reading.offices[0].department in row["offices"].split("|")
    assert reading.confident or not row["sure"]


@cases("masking.csv")
def test_only_what_belongs_to_a_person_is_covered(row: dict[str, str]) -> None:
    masked = mask(row["text"])
    assert masked.text == row["masked"]
    assert "|".join(sorted(masked.kinds)) == row["kinds"]


@cases("normal.csv")
def test_ways_of_writing_the_same_come_to_one_form(normalise: Normaliser, row: dict[str, str]) -> None:
    assert normalise(row["text"]).text.strip() == row["normal"]


@cases("kinds.csv")
def test_the_kind_follows_the_words(understanding: Understanding, row: dict[str, str]) -> None:
    assert understanding.read(row["text"]).kind == row["kind"]


@cases("children.csv")
def test_only_a_child_speaking_of_itself_is_a_child(row: dict[str, str]) -> None:
    assert mentions_child(row["text"]) is (row["child"] == "yes")


@cases("titles.csv")
def test_the_title_tells_the_problem_and_no_greeting(
    understanding: Understanding, row: dict[str, str]
) -> None:
    assert understanding.read(row["text"]).title == row["title"]


@cases("parts.csv")
def test_problems_are_told_apart_only_where_they_are_several(
    understanding: Understanding, row: dict[str, str]
) -> None:
    assert len(understanding.read(row["text"]).parts) == int(row["parts"])


@cases("unfit.csv")
def test_anger_is_heard_and_only_noise_is_put_aside(
    understanding: Understanding, row: dict[str, str]
) -> None:
    assert (understanding.read(row["text"]).unfit or "") == row["unfit"]


@pytest.fixture(scope="module")
def normalise(incheon: City) -> Normaliser:
    return Normaliser(every_spelling(incheon))
