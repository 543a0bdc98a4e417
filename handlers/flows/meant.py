"""Which of a person's own cases they mean by a few words ("지난번 가로등 건")."""

from collections.abc import Sequence

from handlers.flows.spoken import dense
from intents.similar import best
from storage.casebook import Case

_MOST = 3
_SHORTEST = 2
_READ = 500


def meant(text: str, cases: Sequence[Case]) -> list[Case]:
    """At most three of these cases, best first; one alone when words of the text stand in it only.

    A word counts by how much of its beginning stands in the case, so that particles do no harm
    ("가로등은" names 가로등). Where no word stands in any, the most alike are taken.
    """
    words = {dense(word) for word in text.split()}
    weights = {case.id: _weight(words, case) for case in cases}
    heaviest = max(weights.values(), default=0)
    if heaviest:
        return [case for case in cases if weights[case.id] == heaviest][:_MOST]
    ranked = best(text, [(case, f"{case.title} {case.place}") for case in cases], limit=_MOST)
    return [case for case, _ in ranked]


def _weight(words: set[str], case: Case) -> int:
    told = dense(f"{case.title} {case.place} {case.text[:_READ]}")
    return sum(_in_common(word, told) for word in words)


def _in_common(word: str, told: str) -> int:
    lengths = range(len(word), _SHORTEST - 1, -1)
    return next((length for length in lengths if word[:length] in told), 0)
