"""How fast a message is understood whole, by its length, and what odd texts of 20,000 characters cost.

    .venv/bin/python -m benchmarks.understanding [--city incheon] [--texts FILE.csv] [--rounds 400]

`--texts` takes a CSV with a column `text` (real messages, cut to each length); without it, messages are
made from the examples that the program itself carries. Aim: p95 of 2 ms up to 100 characters and 8 ms at
600; nothing over 50 ms. Prints one line a measurement.
"""

import argparse
import csv
import gc
import resource
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from random import Random
from time import perf_counter

from cities.reading import load_city
from intents.data import read_text
from intents.figures import percentile
from intents.likeness import SLOT
from intents.masking import mask
from intents.understanding import Understanding

LENGTHS = (30, 100, 300, 600, 2_000)
LONGEST = 20_000
ODD = (
    *("가", "1", "1 ", "1-", "a@", "😀", "ﷺ", "e\u0301\u0316", "\u0301", "\u1100", "ㅋ", "路灯", "نور"),
    *("가로등 ", "불법주차", "주차장", "송도이동", "송도", "서구 ", "대구 서구 ", "\n1. ", "그리고 또 "),
    *("900101", "010-", "12가 ", "공일공", "씨발", "대출"),
)


def main() -> None:
    """Measures and prints."""
    options = _options()
    begun = perf_counter()
    city = load_city(options.city)
    loaded = perf_counter()
    before = _megabytes()
    understanding = Understanding(city)
    built = perf_counter()
    print(
        f"pack {city.id}: read in {(loaded - begun) * 1e3:.0f} ms, built in {(built - loaded) * 1e3:.0f} ms"
    )
    print(f"memory of understanding: {_megabytes() - before:.1f} MB")
    texts = _texts(options.texts)
    for length in LENGTHS:
        times = _read_times(understanding, texts, length, options.rounds)
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        print(f"{length:>6} characters: p50 {p50:.2f} ms, p95 {p95:.2f} ms, most {max(times):.2f} ms")
    worst = max((_odd_time(understanding, piece), piece) for piece in ODD)
    print(f"{LONGEST:>6} odd characters: most {worst[0]:.1f} ms, by {worst[1]!r} again and again")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--city", default="incheon")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rounds", type=int, default=400)
    return parser.parse_args()


def _texts(file: Path | None) -> list[str]:
    if file is None:
        rows = csv.DictReader(StringIO(read_text("examples.csv")))
        told = [row["text"].replace(SLOT, "송도2동 가로등") for row in rows if row["intent"] == "suggest"]
        random = Random(7)
        return [". ".join(random.sample(told, 150)) for _ in range(200)]
    csv.field_size_limit(10**7)
    with file.open(encoding="utf-8", newline="") as opened:
        return [row["text"] for row in csv.DictReader(opened)]


def _read_times(understanding: Understanding, texts: Sequence[str], length: int, rounds: int) -> list[float]:
    gc.collect()
    times: list[float] = []
    for index in range(rounds):
        text = texts[index % len(texts)][:length]
        begun = perf_counter()
        understanding.read(text)
        times.append((perf_counter() - begun) * 1e3)
    return times


def _odd_time(understanding: Understanding, piece: str) -> float:
    text = piece * (LONGEST // len(piece))
    times: list[float] = []
    for _ in range(3):
        begun = perf_counter()
        understanding.read(text)
        mask(text)
        times.append((perf_counter() - begun) * 1e3)
    return min(times)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
