"""How often understanding is right, on rows that somebody labelled (평가).

Pure: rows in, figures out. Shares are 0 to 1, times are milliseconds a text. The fields are those of the
contract in the design; `dataclasses.asdict` makes the JSON.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from intents.city import City
from intents.figures import Figures, macro_f1, per_class, percentile, ratio
from intents.normal import Normaliser
from intents.place_names import every_spelling
from intents.reading import Intent, OfficeGuess, PlaceReading
from intents.training import Lesson, train
from intents.understanding import Understanding

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """A text and the department that is right for it, by id or name (`@id` for another authority)."""

    text: str
    department: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A text, its districts (ids or names joined with `|`, empty for none) and its place ("" for none)."""

    text: str
    district: str
    place: str


@dataclass(frozen=True, slots=True)
class IntentRow:
    """A text and its intent."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class RoutingResult:
    """`covered` is the share of texts sent without asking, `covered_precision` how many of them are right."""

    n: int
    top1: float
    top3: float
    macro_f1: float
    covered: float
    covered_precision: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class PlacesResult:
    """`district_accuracy`: exactly the districts expected (several: it asks; none: it finds none).

    `asked` is the share of texts that lead to a question, `wrong` the share where one district was taken
    for sure that is not among the right ones.
    """

    n: int
    district_accuracy: float
    place_accuracy: float
    asked: float
    wrong: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class IntentsResult:
    """`per_intent` holds every intent that is expected at least once."""

    n: int
    accuracy: float
    macro_f1: float
    per_intent: Mapping[str, Figures]
    p95_ms: float


@dataclass(frozen=True, slots=True)
class RoutingAnswers:
    """What routing said to each row: pairs of the right department's id and the guesses; and the times."""

    rows: tuple[tuple[str, tuple[OfficeGuess, ...]], ...]
    milliseconds: tuple[float, ...]


def route(understanding: Understanding, city: City, rows: Iterable[RoutingRow]) -> RoutingAnswers:
    """Asks for the offices of every row. Raises ValueError, naming all of them, for unknown departments."""
    known = list(rows)
    names = department_ids(city)
    _check_departments(city, known, names)
    answers, times = _timed(understanding.offices, [row.text for row in known])
    pairs = ((names[row.department], answer) for row, answer in zip(known, answers, strict=True))
    return RoutingAnswers(tuple(pairs), tuple(times))


def learn_rows(understanding: Understanding, city: City, rows: Iterable[RoutingRow]) -> Understanding:
    """With these rows learned as if staff had confirmed them. Raises ValueError for unknown departments."""
    names = department_ids(city)
    known = list(rows)
    _check_departments(city, known, names)
    lessons = [Lesson(row.text, names[row.department]) for row in known]
    return understanding.knowing(train(understanding.by_office.course(lessons)))


def routing_result(answers: RoutingAnswers, understanding: Understanding) -> RoutingResult:
    """The figures of routing, from what it answered."""
    best = [(want, got[0].department if got else "") for want, got in answers.rows]
    sent = [(want, got[0].department) for want, got in answers.rows if understanding.confident(got)]
    count = len(answers.rows)
    return RoutingResult(
        n=count,
        top1=ratio(sum(want == got for want, got in best), count),
        top3=ratio(sum(want in {one.department for one in got[:3]} for want, got in answers.rows), count),
        macro_f1=macro_f1(per_class(best).values()),
        covered=ratio(len(sent), count),
        covered_precision=ratio(sum(want == got for want, got in sent), len(sent)),
        p50_ms=percentile(answers.milliseconds, 0.5),
        p95_ms=percentile(answers.milliseconds, 0.95),
    )


def evaluate_routing(understanding: Understanding, city: City, rows: Iterable[RoutingRow]) -> RoutingResult:
    """How often the right department comes first, among the best three, and is sent without asking."""
    return routing_result(route(understanding, city, rows), understanding)


def evaluate_places(understanding: Understanding, city: City, rows: Iterable[PlaceRow]) -> PlacesResult:
    """How often the district and the place are read as expected. Raises ValueError for unknown districts."""
    known = list(rows)
    expected = [_district_ids(city, row) for row in known]
    answers, times = _timed(understanding.places, [row.text for row in known])
    same = _PlaceNames(city)
    pairs = list(zip(known, expected, answers, strict=True))
    given = [_districts(answer) for answer in answers]
    return PlacesResult(
        n=len(known),
        district_accuracy=ratio(
            sum(want == got for want, got in zip(expected, given, strict=True)), len(known)
        ),
        place_accuracy=ratio(sum(same.agree(row.place, answer) for row, _, answer in pairs), len(known)),
        asked=ratio(sum(len(answer.guesses) > 1 for answer in answers), len(known)),
        wrong=ratio(
            sum(len(got) == 1 and not got <= want for want, got in zip(expected, given, strict=True)),
            len(known),
        ),
        p95_ms=percentile(times, 0.95),
    )


def evaluate_intents(understanding: Understanding, rows: Iterable[IntentRow]) -> IntentsResult:
    """How often the intent is the one expected. Raises ValueError, naming them, for unknown intents."""
    known = list(rows)
    unknown = sorted({row.intent for row in known} - set(Intent))
    if unknown:
        raise ValueError(f"No such intent: {', '.join(unknown)}")
    answers, times = _timed(understanding.read, [row.text for row in known])
    pairs = [(row.intent, answer.intent.value) for row, answer in zip(known, answers, strict=True)]
    classes = per_class(pairs)
    return IntentsResult(
        n=len(known),
        accuracy=ratio(sum(want == got for want, got in pairs), len(known)),
        macro_f1=macro_f1(classes.values()),
        per_intent=classes,
        p95_ms=percentile(times, 0.95),
    )


def _check_departments(city: City, rows: Iterable[RoutingRow], names: Mapping[str, str]) -> None:
    unknown = sorted({row.department for row in rows} - set(names))
    if unknown:
        raise ValueError(f"No such department in the pack {city.id}: {', '.join(unknown)}")


def department_ids(city: City) -> dict[str, str]:
    """Every way a row may name a department or authority, with its id; an id goes before a name."""
    ids: dict[str, str] = {}
    for authority in city.authorities:
        ids.setdefault(authority.name, f"@{authority.id}")
        ids[f"@{authority.id}"] = f"@{authority.id}"
    for department in reversed(city.departments):
        ids[department.name] = department.id
    return ids | {department.id: department.id for department in city.departments}


def _timed(ask: Callable[[str], Answer], texts: Sequence[str]) -> tuple[list[Answer], list[float]]:
    answers: list[Answer] = []
    times: list[float] = []
    for text in texts:
        begun = perf_counter()
        answers.append(ask(text))
        times.append((perf_counter() - begun) * 1_000)
    return answers, times


def _districts(reading: PlaceReading) -> frozenset[str]:
    return frozenset(guess.district for guess in reading.guesses)


def _district_ids(city: City, row: PlaceRow) -> frozenset[str]:
    ids = {district.name: district.id for district in city.districts} | {
        one.id: one.id for one in city.districts
    }
    named = [one.strip() for one in row.district.split("|") if one.strip()]
    unknown = [one for one in named if one not in ids]
    if unknown:
        raise ValueError(
            f"No such district in the pack {city.id}: {', '.join(unknown)} (text: {row.text[:40]})"
        )
    return frozenset(ids[one] for one in named)


class _PlaceNames:
    """Knows which spellings mean the same place."""

    def __init__(self, city: City) -> None:
        self._normalise = Normaliser(every_spelling(city))
        self._names: dict[str, set[str]] = {}
        for place in city.places:
            for spelling in (place.name, *place.also):
                self._names.setdefault(self._normalise(spelling).dense, set()).add(place.name)

    def agree(self, expected: str, reading: PlaceReading) -> bool:
        """True when the place is the one expected, by whatever spelling; "" expects none."""
        given = {guess.place for guess in reading.guesses if guess.place}
        if not expected:
            return not given
        return bool(given & (self._names.get(self._normalise(expected).dense, set()) | {expected}))
