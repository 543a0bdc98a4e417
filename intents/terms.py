"""The words that speak for an office (단서): keywords, duties and names, each with its weight."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from intents.city import City, Department, Level
from intents.data import Table
from intents.normal import Normaliser, syllables

KEYWORD, DUTY, DUTY_WORD, FULL_NAME, NAME = 1.0, 0.8, 0.45, 1.5, 0.5

_SHORTEST = 2
_SPOKEN = 0.8
"""From this weight on an office has a term for its own, not as a word out of a duty or of its name."""

_BORROWED = 0.3
"""What is left of a duty's single word for the others where one office has it for its own (일자리)."""

_WORD = re.compile(r"[^\s,·/()]+")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who a term may speak for: a department, or another authority as `@id` (without a level)."""

    id: str
    level: Level | None


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of a city.

    `shown` is a term as the pack writes it; `weights[term]` pairs the index of an owner with what the
    term adds to its score, rarity included.
    """

    owners: tuple[Owner, ...]
    shown: Mapping[str, str]
    weights: Mapping[str, tuple[tuple[int, float], ...]]


def terms_of(city: City, normalise: Normaliser, table: Table) -> Terms:
    """The terms of a city's departments and authorities; `table` is data/routing.toml.

    A term that speaks for fewer offices weighs more; a longer one a little more.
    """
    plain = frozenset(table.strings("plain"))
    endings = table.strings("endings")
    shown: dict[str, str] = {}
    raw: dict[str, dict[int, float]] = {}
    owners: list[Owner] = []
    for department in city.departments:
        owners.append(Owner(department.id, department.level))
        _collect(raw, shown, normalise, len(owners) - 1, _said_of(department, plain, endings))
    for authority in city.authorities:
        owners.append(Owner(f"@{authority.id}", None))
        said = [(authority.name, FULL_NAME), *((one, KEYWORD) for one in authority.keywords)]
        _collect(raw, shown, normalise, len(owners) - 1, said)
    weights = {term: _weighted(term, by, len(owners)) for term, by in raw.items()}
    return Terms(tuple(owners), shown, weights)


def _said_of(
    department: Department, plain: frozenset[str], endings: tuple[str, ...]
) -> Iterable[tuple[str, float]]:
    for keyword in department.keywords:
        yield keyword, KEYWORD
    yield department.name, FULL_NAME
    stem = _stem(department.name, endings)
    if stem not in plain:
        yield stem, NAME
    for duty in department.duties:
        yield duty, DUTY
        words = _WORD.findall(duty)
        for word in words:
            if word not in plain and len(words) > 1:
                yield word, DUTY_WORD


def _stem(name: str, endings: tuple[str, ...]) -> str:
    ending = next((one for one in endings if name.endswith(one) and len(name) > len(one) + 1), "")
    return name.removesuffix(ending)


def _collect(
    raw: dict[str, dict[int, float]],
    shown: dict[str, str],
    normalise: Normaliser,
    index: int,
    said: Iterable[tuple[str, float]],
) -> None:
    for words, weight in said:
        term = normalise(words).dense.strip(".")
        if len(term) < _SHORTEST:
            continue
        shown.setdefault(term, words)
        by = raw.setdefault(term, {})
        by[index] = max(by.get(index, 0.0), weight)


def _weighted(term: str, by: Mapping[int, float], offices: int) -> tuple[tuple[int, float], ...]:
    own = sum(weight >= _SPOKEN for weight in by.values())
    common = _rarity(own or len(by), offices) * _length(term)
    return tuple(
        (index, weight * common * (_BORROWED if own and weight < _SPOKEN else 1.0))
        for index, weight in by.items()
    )


def _rarity(offices: int, of: int) -> float:
    return log((of + 1) / offices) / log(of + 1) if of > 1 else 1.0


def _length(term: str) -> float:
    return min(1.6, 1.0 + 0.15 * max(0.0, syllables(term) - _SHORTEST))
