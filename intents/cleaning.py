"""Letters that no text needs, left out of whatever comes in (글자 다듬기), alike on every channel."""

import re

# Control characters, NUL above all; halves of characters, which no database takes; marks that turn the
# direction of writing and can make a text read differently from what it says.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?")


def clean(text: str) -> str:
    """The text with plain line ends and without characters that cannot be kept or shown as they are."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
