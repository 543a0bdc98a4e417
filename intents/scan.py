"""All of many words found in one pass over a text (Aho-Corasick)."""

from collections.abc import Iterable
from typing import NamedTuple

import ahocorasick


class Hit(NamedTuple):
    """A word found at `text[start:end]`."""

    start: int
    end: int
    word: str


class Scanner:
    """Finds every occurrence of every word, overlapping ones too; time is linear in the text."""

    __slots__ = ("_automaton", "_empty")

    def __init__(self, words: Iterable[str]) -> None:
        """`words` must be in the normal form without spaces; empty ones are ignored."""
        self._automaton = ahocorasick.Automaton()
        for word in words:
            if word:
                self._automaton.add_word(word, word)
        self._empty = len(self._automaton) == 0
        if not self._empty:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Hit]:
        """Every hit, in order of its end."""
        if self._empty:
            return []
        found: Iterable[tuple[int, str]] = self._automaton.iter(text)
        return [Hit(last + 1 - len(word), last + 1, word) for last, word in found]
