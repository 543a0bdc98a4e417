"""Text as Telegram counts it: in UTF-16 units, cut into parts where a reader would cut."""


def units(text: str) -> int:
    """The length of a text in UTF-16 units, by which Telegram's limits go."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """The text, ended with … where it is longer than `limit` units."""
    return text if units(text) <= limit else text[: _fitting(text, limit - 1)].rstrip() + "…"


def parts_of(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` units, cut at line ends, else at blanks, else anywhere.

    There is always at least one part, and none of several is blank.
    """
    parts = []
    rest = text
    while units(rest) > limit:
        end = _fitting(rest, limit)
        place = max(rest.rfind("\n", 1, end), 0) or max(rest.rfind(" ", 1, end), 0) or end
        parts.append(rest[:place])
        rest = rest[place:].lstrip("\n ")
    parts.append(rest)
    written = [part for part in parts if part.strip()]
    return written or [text[: _fitting(text, limit)]]


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit into `limit` units."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > limit:
            return index
    return len(text)
