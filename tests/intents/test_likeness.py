"""Messages are understood by their likeness to examples, beyond the examples themselves."""

import csv
from pathlib import Path

from intents.data import read_text
from intents.evaluate import IntentRow, evaluate_intents
from intents.likeness import weights_from
from intents.reading import Intent
from intents.understanding import Understanding
from tools.teach_intents import taught

UNSEEN = Path(__file__).parent / "cases" / "intents_unseen.csv"


def test_the_weights_are_those_the_examples_teach() -> None:
    assert weights_from(read_text("likeness.json")) == taught(), "run python -m tools.teach_intents"


def test_messages_that_taught_nothing_are_understood_too(understanding: Understanding) -> None:
    with UNSEEN.open(encoding="utf-8", newline="") as file:
        rows = [IntentRow(row["text"], row["intent"]) for row in csv.DictReader(file)]
    taught_texts = read_text("examples.csv")
    assert not any(f"\n{row.text}," in taught_texts for row in rows)
    assert evaluate_intents(understanding, rows).accuracy >= 0.95


def test_what_a_text_is_about_does_not_decide_what_it_wants() -> None:
    weights = weights_from(read_text("likeness.json"))
    score = weights.score("지난번〇건어떻게됐어요")
    assert max(score, key=lambda intent: score[intent]) is Intent.CASE_STATUS
