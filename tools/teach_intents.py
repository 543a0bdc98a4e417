"""Learns the weights of intents/data/likeness.json anew from intents/data/examples.csv.

Run it after adding examples: `.venv/bin/python -m tools.teach_intents`. A test fails until it was run.
"""

import csv
from io import StringIO
from pathlib import Path

from intents.data import read_text
from intents.intent import CASE_SIGN
from intents.likeness import LikenessWeights, weights_to
from intents.normal import Normaliser
from intents.reading import Intent
from intents.teaching import teach

DATA = Path(__file__).parent.parent / "intents" / "data"


def taught() -> LikenessWeights:
    """The weights that follow from the examples as they stand."""
    rows = csv.DictReader(StringIO(read_text("examples.csv")))
    return teach((_dense(row["text"]), Intent(row["intent"])) for row in rows)


def _dense(example: str) -> str:
    normalise = Normaliser()
    return CASE_SIGN.join(normalise(piece).dense for piece in example.split(CASE_SIGN))


if __name__ == "__main__":
    (DATA / "likeness.json").write_text(weights_to(taught()), encoding="utf-8")
