"""How a proposal (제안) was decided, beside the state of its case, and which decision may follow which."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Outcome(StrEnum):
    """What became of a proposal (제안 심사 결과); the names are in the locales (`outcome.adopted` …)."""

    ADOPTED = "adopted"  # 채택
    ADOPTED_IN_PART = "adopted_in_part"  # 일부채택
    ADOPTED_AS_AMENDED = "adopted_as_amended"  # 수정채택
    NOT_ADOPTED = "not_adopted"  # 불채택
    SECOND_REVIEW = "second_review"  # 재심사

    @property
    def is_adopted(self) -> bool:
        """True when the city takes the proposal up, whole, in part or amended."""
        return self in ADOPTIONS


ADOPTIONS = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_IN_PART, Outcome.ADOPTED_AS_AMENDED})
_VERDICTS = ADOPTIONS | {Outcome.NOT_ADOPTED}

FOLLOWING: Mapping[Outcome | None, frozenset[Outcome]] = MappingProxyType(
    {
        None: _VERDICTS,
        Outcome.NOT_ADOPTED: frozenset({Outcome.SECOND_REVIEW}),
        Outcome.SECOND_REVIEW: _VERDICTS,
        **{adoption: frozenset[Outcome]() for adoption in ADOPTIONS},
    }
)
"""Which outcome may follow which; None is a proposal not yet decided. Only a refusal is reviewed again."""


def may_follow(before: Outcome | None, after: Outcome) -> bool:
    """True when a proposal that stands at `before` (None: undecided) may be given the outcome `after`."""
    return after in FOLLOWING[before]
