"""What a measurement of routing tells a city about its pack: weak departments, confusions, bad keywords."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from intents.city import City
from intents.evaluate import (
    RoutingAnswers,
    RoutingResult,
    RoutingRow,
    evaluate_routing,
    route,
    routing_result,
)
from intents.figures import Figures, per_class
from intents.noise import NOISES
from intents.understanding import Understanding

_MOST_CONFUSIONS = 15
_SENT_WRONG = 3
"""A text sent to the wrong office costs as much as so many on which the resident was asked."""

_LEAST_HARM = 2
_SEED = 7


@dataclass(frozen=True, slots=True)
class Confusion:
    """Texts of `right` whose best guess was `given` ("" for none): how many, how many of them unasked."""

    right: str
    given: str
    times: int
    sent: int

    @property
    def cost(self) -> int:
        """How much it weighs against the others."""
        return self.times + (_SENT_WRONG - 1) * self.sent


@dataclass(frozen=True, slots=True)
class MisleadingTerm:
    """A term of `department` that spoke for it more often when it was wrong than when it was right."""

    department: str
    term: str
    wrong: int
    right: int


@dataclass(frozen=True, slots=True)
class RoutingReport:
    """Everything to be read beside the figures; departments by id, worst first where there is an order."""

    result: RoutingResult
    departments: Mapping[str, Figures]
    confusions: tuple[Confusion, ...]
    misleading: tuple[MisleadingTerm, ...]
    without_keywords: tuple[str, ...]
    noises: Mapping[str, RoutingResult]


def report_routing(understanding: Understanding, city: City, rows: Sequence[RoutingRow]) -> RoutingReport:
    """Measures the rows as they are and under every noise. Raises ValueError for unknown departments."""
    answers = route(understanding, city, rows)
    return RoutingReport(
        result=routing_result(answers, understanding),
        departments=per_class((want, got[0].department if got else "") for want, got in answers.rows),
        confusions=confusions(answers, understanding),
        misleading=misleading_terms(answers),
        without_keywords=tuple(one.id for one in city.departments if not one.keywords),
        noises={name: evaluate_routing(understanding, city, _noisy(rows, name)) for name in NOISES},
    )


def confusions(answers: RoutingAnswers, understanding: Understanding) -> tuple[Confusion, ...]:
    """Pairs of departments taken for each other, the costliest first."""
    times: Counter[tuple[str, str]] = Counter()
    sent: Counter[tuple[str, str]] = Counter()
    for want, got in answers.rows:
        given = got[0].department if got else ""
        if given != want:
            times[want, given] += 1
            sent[want, given] += understanding.confident(got)
    found = (Confusion(want, given, count, sent[want, given]) for (want, given), count in times.items())
    return tuple(sorted(found, key=lambda one: (-one.cost, one.right, one.given))[:_MOST_CONFUSIONS])


def misleading_terms(answers: RoutingAnswers) -> tuple[MisleadingTerm, ...]:
    """Terms that decided for the wrong department at least twice and more often than for the right one."""
    wrong: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for want, got in answers.rows:
        for term in got[0].terms if got else ():
            tally = right if got[0].department == want else wrong
            tally[got[0].department, term] += 1
    found = (
        MisleadingTerm(department, term, count, right[department, term])
        for (department, term), count in wrong.items()
        if count >= _LEAST_HARM and count > right[department, term]
    )
    return tuple(sorted(found, key=lambda one: (one.right - one.wrong, one.department, one.term)))


def _noisy(rows: Iterable[RoutingRow], name: str) -> list[RoutingRow]:
    random = Random(_SEED)  # noqa: S311 - the same noise every time, no secret
    return [RoutingRow(NOISES[name](row.text, random), row.department) for row in rows]
