"""What a person wants with one message (의도), by rules and examples kept as data.

Rules are tried in the file's order. A text that fits none is a suggestion when it describes a problem,
whatever greeting or thanks stands before it.
"""

import re
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Indel

from intents.data import Table
from intents.letters import letters
from intents.normal import Normal, Normaliser
from intents.reading import Intent

_CASE_NUMBER = re.compile(r"(?<![0-9])([0-9]{2})\.([0-9]{1,6})(?![0-9])")
_CASE_SIGN = "#"
_LONGEST_EXAMPLE = 40
_EXAMPLE_CLOSENESS = 0.86
_SHORTEST_PROBLEM = 6


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
    examples: tuple[str, ...]
    meanings: tuple[Intent, ...]
    thanks: re.Pattern[str]
    pleasantries: re.Pattern[str]
    problem: re.Pattern[str]

    def read(self, normal: Normal, *, about_something: bool, has_number: bool) -> Intent:
        """The intent of a text in normal form.

        `about_something` is True when the text names an office's business or a place; `has_number`
        when it holds a case number. A text with nothing to act on is `Intent.OTHER`.
        """
        dense, spaced = normal.dense, normal.text
        if has_number:
            dense, spaced = (_CASE_NUMBER.sub(_CASE_SIGN, one, count=1) for one in (dense, spaced))
        for rule in self.rules:
            if rule.fits(dense, spaced):
                return rule.intent
        if self.idle.fits(dense, spaced):
            return Intent.OTHER
        rest = self.pleasantries.sub("", dense).replace(".", "")
        if len(rest) <= 2 and rest != dense.replace(".", ""):
            return Intent.THANKS if self.thanks.search(dense) else Intent.GREETING
        like = None if about_something else self._example(dense)
        if like:
            return like
        if about_something or len(rest) >= _SHORTEST_PROBLEM or self.is_problem(rest):
            return Intent.SUGGEST
        return Intent.OTHER

    def is_problem(self, dense: str) -> bool:
        """True when words say that something is wrong or wanted."""
        return bool(self.problem.search(dense))

    def _example(self, dense: str) -> Intent | None:
        if not 4 <= len(dense) <= _LONGEST_EXAMPLE:
            return None
        found = process.extractOne(
            letters(dense.replace(".", "")),
            self.examples,
            scorer=Indel.normalized_similarity,
            score_cutoff=_EXAMPLE_CLOSENESS,
        )
        return self.meanings[found[2]] if found else None


def intents_from(table: Table, normalise: Normaliser) -> IntentRules:
    """The rules written in a table (data/intents.toml).

    Raises ValueError for an unknown intent or a wrong form, re.error for a wrong expression.
    """
    examples: list[str] = []
    meanings: list[Intent] = []
    rules: list[_Rule] = []
    for one in table.tables("rule"):
        intent = Intent(one.string("intent"))
        rules.append(_rule(one, intent, one.number("longest", 100)))
        for example in one.strings("examples"):
            examples.append(letters(normalise(example).dense.replace(".", "")))
            meanings.append(intent)
    pleasantry = table.table("pleasantry")
    thanks, greeting = pleasantry.strings("thanks"), pleasantry.strings("greeting")
    return IntentRules(
        rules=tuple(rules),
        idle=_rule(table.table("idle"), Intent.OTHER, 25),
        examples=tuple(examples),
        meanings=tuple(meanings),
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
