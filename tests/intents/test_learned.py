"""What is learned from cases that staff confirmed or moved, and how it joins the pack's words."""

from dataclasses import replace

import numpy as np
import pytest

from intents.blending import threshold_for
from intents.city import City, Department, Level
from intents.features import Looker
from intents.learned import BadModel, Learned, from_bytes, to_bytes
from intents.normal import Normaliser
from intents.training import LEAST, Lesson, train
from intents.understanding import Understanding
from tests.intents.small_city import small_city

PIGEONS = "비둘기 배설물 때문에 못 살겠어요"
PARKS = [
    "비둘기 먹이 주는 사람",
    "비둘기가 창가에 모여요",
    "비둘기 배설물이 더러워요",
    "새똥 때문에 빨래를 못 널어요",
]
ROADS = ["맨홀 뚜껑이 덜컹거려요", "길이 움푹 파였어요", "아스팔트가 갈라졌어요", "도로가 울퉁불퉁해요"]
BUS = [
    "기사님이 정류장을 지나쳤어요",
    "노선이 없어져서 불편해요",
    "막차가 너무 일찍 끊겨요",
    "환승이 안 돼요",
]


def school(times: int = 6) -> list[Lesson]:
    """Lessons enough to train from, each a little different from the others."""
    said = {"parks": PARKS, "roads": ROADS, "bus": BUS}
    return [
        Lesson(f"{place} {text}", department, key=number)
        for number in range(times)
        for place in (f"솔밭{number}번길",)
        for department, texts in said.items()
        for text in texts
    ]


@pytest.fixture
def reader() -> Understanding:
    return Understanding(small_city())


@pytest.fixture(scope="module")
def model() -> Learned:
    reader = Understanding(small_city())
    return train(reader.by_office.course(school()))


def test_one_confirmed_case_brings_its_office_forward(reader: Understanding) -> None:
    assert reader.offices(PIGEONS) == ()
    lesson = Lesson("비둘기 배설물이 너무 많아요", "parks")
    reader = reader.knowing(reader.by_office.with_lessons(Learned(), [lesson]))
    best = reader.offices(PIGEONS)[0]
    assert (best.department, best.level) == ("parks", Level.DISTRICT)
    assert not reader.read(PIGEONS).confident
    assert reader.offices("가로등이 꺼졌어요")[0].department == "roads"


def test_a_moved_case_teaches_against_what_was_said_first(reader: Understanding) -> None:
    text = "놀이터 모래에서 벌레가 나와요"
    before = reader.offices(text)[0]
    assert before.department == "parks"
    reader = reader.knowing(reader.by_office.with_lessons(Learned(), [Lesson(text, "bus")]))
    after = {one.department: one.probability for one in reader.offices(text)}
    assert after["bus"] > after["parks"]


def test_training_learns_what_no_word_of_the_pack_says(reader: Understanding, model: Learned) -> None:
    reader = reader.knowing(model)
    assert reader.offices("비둘기 배설물")[0].department == "parks"
    assert reader.offices("길이울퉁불퉁하게 파였네요")[0].department == "roads"
    assert sum(one.probability for one in reader.offices("막차 환승")) <= 1


def test_the_same_lessons_give_the_same_model(reader: Understanding, model: Learned) -> None:
    again = train(reader.by_office.course(school()))
    assert to_bytes(again) == to_bytes(model)


def test_what_a_message_wants_does_not_change_by_learning(reader: Understanding, model: Learned) -> None:
    texts = ("안녕하세요", "음 그게 말이죠", "내 건의 어떻게 됐나요", "가로등이 꺼졌어요")
    before = [reader.read(text).intent for text in texts]
    reader = reader.knowing(model)
    assert [reader.read(text).intent for text in texts] == before


@pytest.mark.parametrize(
    "text", ["", " ", "가", "?", "\ud800", "ﷺ" * 30, "路灯坏了", "e\u0301" * 50, "가로등 " * 5000]
)
def test_every_text_is_read_with_what_was_learned(text: str, reader: Understanding, model: Learned) -> None:
    reading = reader.knowing(model).read(text)
    assert sum(one.probability for one in reading.offices) <= 1.000001


def test_a_stored_model_is_the_same_model(model: Learned) -> None:
    again = from_bytes(to_bytes(model))
    sights = Looker().look(Normaliser()(PIGEONS))
    assert again.scores(sights) == pytest.approx(model.scores(sights))
    assert again.blend == model.blend


@pytest.mark.parametrize("stored", [b"", b"no model", to_bytes(Learned())[:-30]])
def test_what_is_no_model_is_refused(stored: bytes) -> None:
    with pytest.raises(BadModel):
        from_bytes(stored)


def test_few_lessons_are_taken_in_and_not_trained(reader: Understanding) -> None:
    few = train(reader.by_office.course(school()[: LEAST - 1]))
    assert not few.blend.trained
    assert few.lessons.sum() == LEAST - 1


def reorganised(**changes: tuple[str, ...]) -> City:
    """The city after the year's reorganisation: no parks any more, but new departments in its place."""
    city = small_city()
    kept = tuple(one for one in city.departments if one.id != "parks")
    words = {"trees": ("가로수", "나무"), "birds": ("비둘기", "새똥"), "green": ("공원", "놀이터")}
    new = tuple(
        Department(name, f"{name}과", name, Level.CITY, (), words[name], formerly=old)
        for name, old in changes.items()
    )
    return replace(city, departments=kept + new)


def test_a_renamed_department_keeps_what_was_learned(model: Learned) -> None:
    reader = Understanding(reorganised(trees=("parks",)))
    reader = reader.knowing(model)
    best = reader.offices("새똥 때문에 빨래를 못 널어요")[0]
    assert (best.department, best.level) == ("trees", Level.CITY)


def test_merged_departments_bring_both_their_lessons(model: Learned) -> None:
    city = reorganised(green=("parks", "roads"))
    city = replace(city, departments=tuple(one for one in city.departments if one.id != "roads"))
    reader = Understanding(city)
    reader = reader.knowing(model)
    assert reader.offices("새똥 때문에 빨래를")[0].department == "green"
    assert reader.offices("길이 움푹 파였어요")[0].department == "green"


def test_a_split_departments_lessons_count_most_for_the_heir_whose_words_they_hold() -> None:
    reader = Understanding(reorganised(trees=("parks",), birds=("parks",)))
    example = reader.by_office.example(Lesson("비둘기 때문에 못 살아요", "parks"))
    assert example is not None
    assert example.owners["birds"] > 0.8
    assert sum(example.owners.values()) == pytest.approx(1.0)


def test_a_lesson_of_a_department_nobody_took_over_is_left_out() -> None:
    assert Understanding(reorganised()).by_office.example(Lesson("비둘기", "parks")) is None


def test_the_threshold_keeps_the_promise_on_lessons_not_learned_from() -> None:
    best = np.linspace(1.0, 0.0, 1000)
    right = np.arange(1000) < 600
    threshold = threshold_for(best, right, 0.85)
    sent = best >= threshold
    assert right[sent].mean() >= 0.85
    assert sent.mean() > 0.6
    assert threshold_for(best, np.zeros(1000, dtype=np.bool_), 0.85) > 1
