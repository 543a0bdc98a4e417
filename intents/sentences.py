"""A text cut into its sentences (문장), as written."""

import re

_END = re.compile(
    r"[.!?…。]+(?=\s|$)|\n+|(?<=니다|세요|어요|아요|에요|예요|네요|데요|해요|돼요|군요|지요|습죠|래요|려요|가요|나요|까요)[~^ㅠㅜㅋㅎ]*\s+"
)


def sentences(text: str) -> list[str]:
    """The sentences in order, without the white space around them; none is empty."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [one for one in found if one]
