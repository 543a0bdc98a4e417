"""What sort of thing a text raises (유형): 건의, 민원, 제안 or 질의, where the words allow to tell."""

import re
from dataclasses import dataclass

from intents.data import Table

DEFAULT = "suggestion"


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of data/kinds.toml: (kind, words, unless) in the order they are tried."""

    rules: tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]

    def read(self, dense: str) -> str:
        """A value of `cases.vocabulary.Kind` for a text in the normal form without spaces."""
        for kind, words, unless in self.rules:
            if words.search(dense) and not (unless and unless.search(dense)):
                return kind
        return DEFAULT


def kinds_from(table: Table) -> KindRules:
    """The rules written in a table. Raises ValueError for a wrong form, re.error for a wrong expression."""
    return KindRules(
        tuple(
            (
                one.string("kind"),
                _any(one.strings("words")),
                _any(one.strings("unless")) if one.strings("unless") else None,
            )
            for one in table.tables("kind")
        )
    )


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))
