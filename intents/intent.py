"""What a person wants with one message (의도), by rules and examples kept as data.

Rules are tried in the file's order; a short text that fits none is compared with examples. What is left
is a suggestion when it describes a problem, whatever greeting or thanks stands before it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intents.data import Table
from intents.likeness import LikenessWeights
from intents.normal import Normal, Normaliser
from intents.reading import Intent, OfficeGuess

_CASE_NUMBER = re.compile(r"(?<![0-9])([0-9]{2})\.([0-9]{1,6})(?![0-9])")
CASE_SIGN = "#"
"""Stands for a case number in rules and examples."""

LONGEST_LIKE = 60
"""Characters without spaces beyond which a text tells a story and is like no example."""

_CLEARLY = 0.8
"""A text this much like a suggestion is one, whatever a rule says (but an emergency)."""

_FAR_MORE = 1.2
"""So is one that is like a suggestion by this much more than like what the rule says."""

_RARELY = 0.3
"""What is serious or unkind to get wrong (emergency, other) needs this much likeness."""

_SHORTEST_PROBLEM = 6
_LIKELY = 0.3


@dataclass(frozen=True, slots=True)
class _Rule:
    intent: Intent
    dense: re.Pattern[str] | None
    spaced: re.Pattern[str] | None
    unless_dense: re.Pattern[str] | None
    longest: int

    def fits(self, dense: str, spaced: str) -> bool:
        if len(dense) > self.longest:
            return False
        found = (self.dense and self.dense.search(dense)) or (self.spaced and self.spaced.search(spaced))
        if not found:
            return False
        unless = self.unless_dense
        return unless is None or not (unless.search(dense) or unless.search(spaced))


@dataclass(frozen=True, slots=True)
class IntentRules:
    """All that is known of intents, made from data by `intents_from`."""

    rules: tuple[_Rule, ...]
    idle: _Rule
    talk: frozenset[str]
    likeness: LikenessWeights
    thanks: re.Pattern[str]
    pleasantries: re.Pattern[str]
    problem: re.Pattern[str]

    def read(self, normal: Normal, bare: str, *, about_something: bool, has_number: bool) -> Intent:
        """The intent of a text in normal form.

        `bare` is the text without spaces and with 〇 for what it is about; it is not looked at where the
        text is longer than `LONGEST_LIKE`. `about_something` is True when
        the text names an office's business or a place; `has_number` when it holds a case number. A text
        with nothing to act on is `Intent.OTHER`.
        """
        dense, spaced = normal.dense, normal.text
        if has_number:
            dense, spaced, bare = (_CASE_NUMBER.sub(CASE_SIGN, one, count=1) for one in (dense, spaced, bare))
        like = self.likeness.score(bare) if len(dense) <= LONGEST_LIKE else {}
        for rule in self.rules:
            if rule.fits(dense, spaced):
                return Intent.SUGGEST if _clearly_suggests(like, rule.intent) else rule.intent
        if self.idle.fits(dense, spaced):
            return Intent.OTHER
        rest = self.pleasantries.sub("", dense).replace(".", "")
        if len(rest) <= 2 and rest != dense.replace(".", ""):
            return Intent.THANKS if self.thanks.search(dense) else Intent.GREETING
        most = _most_alike(like)
        if most not in {None, Intent.SUGGEST}:
            return most
        if about_something or len(rest) >= _SHORTEST_PROBLEM or self.is_problem(rest):
            return Intent.SUGGEST
        return Intent.OTHER

    def speaks_of_something(self, offices: Iterable[OfficeGuess]) -> bool:
        """True when an office was found by more than words of the conversation itself (민원, 신고, 전화)."""
        return any(
            guess.probability >= _LIKELY
            and not self.talk.issuperset("".join(term.split()) for term in guess.terms)
            for guess in offices
        )

    def is_problem(self, dense: str) -> bool:
        """True when words say that something is wrong or wanted."""
        return bool(self.problem.search(dense))


def _clearly_suggests(like: Mapping[Intent, float], instead_of: Intent) -> bool:
    if not like or instead_of is Intent.EMERGENCY:
        return False
    lead = like[Intent.SUGGEST] - like[instead_of]
    return like[Intent.SUGGEST] >= _CLEARLY or lead >= _FAR_MORE


def _most_alike(like: Mapping[Intent, float]) -> Intent | None:
    if not like:
        return None
    best = max(like, key=lambda intent: like[intent])
    if best in {Intent.EMERGENCY, Intent.OTHER} and like[best] < _RARELY:
        return None
    return best


def intents_from(table: Table, likeness: LikenessWeights, normalise: Normaliser) -> IntentRules:
    """The rules written in a table (data/intents.toml).

    Raises ValueError for an unknown intent or a wrong form, re.error for a wrong expression.
    """
    rules = (
        _rule(one, Intent(one.string("intent")), one.number("longest", 100)) for one in table.tables("rule")
    )
    pleasantry = table.table("pleasantry")
    thanks, greeting = pleasantry.strings("thanks"), pleasantry.strings("greeting")
    return IntentRules(
        rules=tuple(rules),
        talk=frozenset(normalise(one).dense for one in table.table("talk").strings("words")),
        idle=_rule(table.table("idle"), Intent.OTHER, 25),
        likeness=likeness,
        thanks=re.compile("감사|고맙|고마|땡큐|ㄱㅅ|thank|thx|수고하셨|복받"),
        pleasantries=_any_of((*thanks, *greeting)),
        problem=_any_of(table.table("problem").strings("words")),
    )


def _rule(table: Table, intent: Intent, longest: int) -> _Rule:
    return _Rule(
        intent,
        _joined(table.strings("ko")),
        _joined(table.strings("en")),
        _joined(table.strings("unless")),
        longest,
    )


def _joined(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{one})" for one in patterns)) if patterns else None


def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
