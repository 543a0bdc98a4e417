"""How well texts are routed to offices, beside simpler ways of doing it, on labelled sets.

    .venv/bin/python -m benchmarks.routing --data FOLDER [--sets petitions,seoul120,seoul_adopted]

FOLDER holds CSV files `text,label`; they are not part of this project. Labels with five rows and more are
split 70/30 by label with seed 7. Every method runs in a process of its own, so that its memory can be told:
choices of rapidfuzz among the pack's words (on the first 200 texts), TF-IDF of characters 2-4 and of letters
3-7 without spaces with a linear SVM, and ours without and with learning the 70 %. One line each for the clean
texts and for every noise. Aim: ours learned 3 points above the best other, at top 1 and top 3, and at most
1.5 points lost under all noises together. Needs scikit-learn for the others.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from time import perf_counter

from rapidfuzz import fuzz, process

from cities.reading import load_city
from intents.city import City, Department, Level
from intents.evaluate import RoutingRow, learn_rows, route, routing_result
from intents.figures import macro_f1, per_class, percentile, ratio
from intents.letters import letters
from intents.noise import NOISES
from intents.normal import Normaliser
from intents.understanding import Understanding

PACKS = Path(__file__).parent / "packs"
SETS = ("petitions", "seoul120", "seoul_adopted")
SEED, HELD_OUT, LEAST = 7, 0.3, 5
NAIVE_TEXTS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What one method reached; `covered` is -1 for one that never sends unasked."""

    n: int
    top1: float
    top3: float
    macro_f1: float
    covered: float
    covered_precision: float
    p50_ms: float
    p95_ms: float


Rows = Sequence[tuple[str, str]]
Rank = Callable[[str], Sequence[str]]
Measure = Callable[[Rows], Line]


def main() -> None:
    """Measures and prints, or measures one method for the process that asked."""
    options = _options()
    if options.method:
        print(json.dumps(_measured(options.data, options.sets, options.method)))
        return
    for name in options.sets.split(","):
        file = options.data / f"{name}.csv"
        if not file.is_file():
            print(f"{name}: {file} is missing; the labelled sets are not part of this project")
            continue
        _print_set(options.data, name)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--method", choices=list(METHODS), help=argparse.SUPPRESS)
    return parser.parse_args()


def _print_set(data: Path, name: str) -> None:
    print(f"\n{name}\n{'':28}{'texts':>8}{'top1':>7}{'top3':>7}{'F1':>7}{'sent':>7}{'right':>7}"
          f"{'p50 ms':>8}{'p95 ms':>8}{'MB':>6}{'learn s':>9}")  # fmt: skip
    reached: dict[str, Mapping[str, Line]] = {}
    for method in METHODS:
        command = [sys.executable, "-m", "benchmarks.routing", "--data", str(data), "--sets", name]
        done = subprocess.run(
            [*command, "--method", method], capture_output=True, text=True, check=False, env=_one_thread()
        )
        if done.returncode:
            print(f"{method:28}{done.stderr.strip().splitlines()[-1] if done.stderr else 'failed'}")
            continue
        found = json.loads(done.stdout)
        reached[method] = {noise: Line(**line) for noise, line in found["lines"].items()}
        for noise, line in reached[method].items():
            _print_line(method if noise == "clean" else f"  {noise}", line, found)
    _print_aim(reached)


def _print_line(title: str, line: Line, found: Mapping[str, float]) -> None:
    sent = ("-", "-") if line.covered < 0 else (f"{line.covered:.3f}", f"{line.covered_precision:.3f}")
    print(f"{title:28}{line.n:>8}{line.top1:>7.3f}{line.top3:>7.3f}{line.macro_f1:>7.3f}{sent[0]:>7}{sent[1]:>7}"
          f"{line.p50_ms:>8.2f}{line.p95_ms:>8.2f}{found['megabytes']:>6.0f}{found['learned_s']:>9.1f}",
          flush=True)  # fmt: skip


def _print_aim(reached: Mapping[str, Mapping[str, Line]]) -> None:
    ours = reached.get("ours, learned")
    others = [lines["clean"] for method, lines in reached.items() if not method.startswith("ours")]
    if ours is None or not others:
        return
    clean, noisy = ours["clean"], ours["all"]
    print(
        f"above the best other: top1 {100 * (clean.top1 - max(one.top1 for one in others)):+.1f}, "
        f"top3 {100 * (clean.top3 - max(one.top3 for one in others)):+.1f}; "
        f"lost to all noises: top1 {100 * (clean.top1 - noisy.top1):.1f}, "
        f"top3 {100 * (clean.top3 - noisy.top3):.1f}"
    )


def _one_thread() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _measured(data: Path, name: str, method: str) -> dict[str, object]:
    taught, asked = _split(data / f"{name}.csv")
    begun = perf_counter()
    measure = METHODS[method](_pack(name, sorted({label for _, label in taught})), taught)
    learned = perf_counter() - begun
    if method.startswith("rapidfuzz"):
        asked = asked[:NAIVE_TEXTS]
    lines = {"clean": asdict(measure(asked))}
    for noise, change in NOISES.items():
        random = Random(SEED)
        lines[noise] = asdict(measure([(change(text, random), label) for text, label in asked]))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"lines": lines, "learned_s": learned, "megabytes": megabytes}


def _split(file: Path) -> tuple[Rows, Rows]:
    from sklearn.model_selection import train_test_split

    csv.field_size_limit(10**7)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(opened)]
    count = Counter(label for _, label in rows)
    kept = [row for row in rows if count[row[1]] >= LEAST]
    taught, asked = train_test_split(
        kept, test_size=HELD_OUT, stratify=[label for _, label in kept], random_state=SEED
    )
    return taught, asked


def _pack(name: str, labels: Sequence[str]) -> City:
    if (PACKS / name).is_dir():
        return load_city(str(PACKS / name))
    # No words are known for these offices but their names.
    any_city = load_city(str(PACKS / SETS[0]))
    offices = tuple(
        Department(f"d{number}", label, "", Level.CITY, (), ()) for number, label in enumerate(labels)
    )
    return replace(any_city, departments=offices)


def _ours(city: City, taught: Rows, *, learn: bool) -> Measure:
    understanding = Understanding(city)
    if learn:
        understanding = learn_rows(understanding, city, [RoutingRow(*row) for row in taught])

    def measure(asked: Rows) -> Line:
        answers = route(understanding, city, [RoutingRow(*row) for row in asked])
        return Line(**asdict(routing_result(answers, understanding)))

    return measure


def _ranked(rank: Rank) -> Measure:
    def measure(asked: Rows) -> Line:
        answers: list[Sequence[str]] = []
        times: list[float] = []
        for text, _ in asked:
            begun = perf_counter()
            answers.append(rank(text))
            times.append((perf_counter() - begun) * 1e3)
        pairs = [(label, answer[0]) for (_, label), answer in zip(asked, answers, strict=True)]
        return Line(
            n=len(asked),
            top1=ratio(sum(want == got for want, got in pairs), len(asked)),
            top3=ratio(
                sum(label in answer[:3] for (_, label), answer in zip(asked, answers, strict=True)),
                len(asked),
            ),
            macro_f1=macro_f1(per_class(pairs).values()),
            covered=-1,
            covered_precision=-1,
            p50_ms=percentile(times, 0.5),
            p95_ms=percentile(times, 0.95),
        )

    return measure


def _naive(city: City, scorer: Callable[..., float]) -> Measure:
    choices = [
        (word, one.name) for one in city.departments for word in (one.name, *one.duties, *one.keywords)
    ]
    words = [word for word, _ in choices]

    def rank(text: str) -> Sequence[str]:
        found = process.extract(text, words, scorer=scorer, limit=len(words))
        return list(dict.fromkeys(choices[index][1] for _, _, index in found))[:3]

    return _ranked(rank)


def _svm(taught: Rows, runs: tuple[int, int], look: Callable[[str], str]) -> Measure:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=runs, preprocessor=look)
    machine = LinearSVC().fit(
        vectoriser.fit_transform([text for text, _ in taught]), [label for _, label in taught]
    )

    def rank(text: str) -> Sequence[str]:
        scores = machine.decision_function(vectoriser.transform([text]))[0]
        return [str(machine.classes_[index]) for index in (-scores).argsort()[:3]]

    return _ranked(rank)


def _letters_alone(text: str) -> str:
    return letters(Normaliser()(text).dense).replace("_", "")


METHODS: Mapping[str, Callable[[City, Rows], Measure]] = {
    "rapidfuzz partial_ratio": lambda city, _: _naive(city, fuzz.partial_ratio),
    "rapidfuzz token_set_ratio": lambda city, _: _naive(city, fuzz.token_set_ratio),
    "rapidfuzz WRatio": lambda city, _: _naive(city, fuzz.WRatio),
    "characters 2-4, SVM": lambda _, taught: _svm(taught, (2, 4), str),
    "letters 3-7, SVM": lambda _, taught: _svm(taught, (3, 7), _letters_alone),
    "ours, words alone": lambda city, taught: _ours(city, taught, learn=False),
    "ours, learned": lambda city, taught: _ours(city, taught, learn=True),
}
"""Every method by its name: from a city and what may be learned to what measures it."""


if __name__ == "__main__":
    main()
