"""Numbers that belong to a person, covered before a text is stored or shown (개인정보 가림).

Covered: resident registration numbers (주민등록번호), payment cards that pass Luhn's check, bank accounts,
car plates (123가4567), phone numbers, e-mail addresses. Left alone: numbers of public offices (110, 112,
120, 032-120, 1588-0000 …), case numbers, dates, prices, bus numbers, addresses. Digits and letters
become ●, one for one; what separates them stays.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

COVER = "●"


class MaskKind(StrEnum):
    """What was covered."""

    RESIDENT_NUMBER = "resident_number"  # 주민등록번호
    CARD = "card"  # 카드번호
    ACCOUNT = "account"  # 계좌번호
    PLATE = "plate"  # 차량번호
    PHONE = "phone"  # 전화번호
    EMAIL = "email"  # 전자우편


@dataclass(frozen=True, slots=True)
class Masked:
    """The text, as long as it was, with personal numbers covered, and what kinds there were."""

    text: str
    kinds: frozenset[MaskKind]


_SHADOW = str.maketrans(
    {chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)}
    | dict.fromkeys("‐‑‒–—―−ーㅡ－", "-")
    | dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\t", " ")
    | dict.fromkeys("·․‧ㆍ。．", ".")
    | {one: str(value) for value, one in enumerate("٠١٢٣٤٥٦٧٨٩")}
    | {one: str(value) for value, one in enumerate("〇一二三四五六七八九")}
)
_GAP = r"[ .\-]{0,3}"
_DAY = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PLATE_LETTER = "[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자허하호배국합육공해]"
_SPOKEN = "[공영일이삼사오육륙칠팔구]"
_BANK = re.compile(r"계좌|통장|입금|송금|환불|은행|농협|수협|신협|새마을금고|우체국|카카오뱅크|케이뱅크|토스")
_BANK_REACH = 20
_WHOLE_DATE = re.compile(
    r"(?:19|20)\d\d[ .\-]{1,3}(?:0?[1-9]|1[0-2])[ .\-]{1,3}(?:0?[1-9]|[12]\d|3[01])(?!\d)"
)


def _luhn(match: re.Match[str]) -> bool:
    digits = [int(one) for one in match.group() if one.isdecimal()]
    doubled = [value * 2 - 9 * (value > 4) for value in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _always(_: re.Match[str]) -> bool:
    return True


def _no_date(match: re.Match[str]) -> bool:
    digits = sum(one.isdecimal() for one in match.group())
    return 11 <= digits <= 16 and not _WHOLE_DATE.match(match.group())


def _near_a_bank(match: re.Match[str]) -> bool:
    digits = sum(one.isdecimal() for one in match.group())
    around = match.string[max(0, match.start() - _BANK_REACH) : match.end() + _BANK_REACH // 2]
    return 10 <= digits <= 16 and not _WHOLE_DATE.match(match.group()) and bool(_BANK.search(around))


_RULES: tuple[tuple[MaskKind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (
        MaskKind.EMAIL,
        re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+ ?@ ?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+){1,4}"),
        _always,
    ),
    (MaskKind.RESIDENT_NUMBER, re.compile(rf"(?<!\d){_DAY}{_GAP}[1-8]{_GAP}\d{{6}}(?!\d)"), _always),
    (MaskKind.RESIDENT_NUMBER, re.compile(rf"(?<!\d){_DAY} ?- ?[1-8](?:[*xX●]{{6}}|(?![\d\-]))"), _always),
    (MaskKind.CARD, re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{12,18}}(?!\d)"), _luhn),
    (
        MaskKind.PHONE,
        re.compile(r"(?<!\d)\+?82[ .\-)]{0,3}(?:\(0\))?0?1[016-9][ .\-)]{0,3}\d{3,4}[ .\-]{0,3}\d{4}(?!\d)"),
        _always,
    ),
    (MaskKind.PHONE, re.compile(r"(?<!\d)01[016-9][ .\-)]{0,3}\d{3,4}[ .\-]{0,3}\d{4}(?!\d)"), _always),
    (
        MaskKind.PHONE,
        re.compile(r"(?<!\d)0(?:2|[3-6]\d|70|50\d)[ .\-)]{0,3}\d{3,4}[ .\-]{1,3}\d{4}(?!\d)"),
        _always,
    ),
    (MaskKind.PHONE, re.compile(r"(?<!\d)0(?:2\d{7,8}|[3-6]\d{8,9}|70\d{8})(?!\d)"), _always),
    (MaskKind.PHONE, re.compile(rf"공일공{_GAP}{_SPOKEN}{{3,4}}{_GAP}{_SPOKEN}{{4}}"), _always),
    (
        MaskKind.PLATE,
        re.compile(rf"(?<!\d)\d{{2,3}} ?{_PLATE_LETTER}{_GAP}\d{{4}}(?![\d억만원명개번년월동호,]|번지)"),
        _always,
    ),
    (MaskKind.ACCOUNT, re.compile(r"(?<!\d)\d{2,6}(?:-\d{2,7}){2,3}(?!\d|-\d)"), _no_date),
    (MaskKind.ACCOUNT, re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{9,15}}(?!\d)"), _near_a_bank),
)


def mask(text: str, public: Iterable[str] = ()) -> Masked:
    """The text with what belongs to a person covered.

    `public` are phone numbers that are no secret (those of the city's pack), in any spelling. Time is
    linear in the text.
    """
    shadow = text.translate(_SHADOW)
    known = {digits for one in public if (digits := _digits(one))}
    covered = list(text)
    kinds: set[MaskKind] = set()
    for kind, pattern, accepted in _RULES:
        spans = [
            match.span()
            for match in pattern.finditer(shadow)
            if accepted(match) and not (kind is MaskKind.PHONE and _digits(match.group()) in known)
        ]
        if not spans:
            continue
        kinds.add(kind)
        hidden = list(shadow)
        for start, end in spans:
            for index in range(start, end):
                if text[index].isalnum():
                    covered[index] = hidden[index] = COVER
        shadow = "".join(hidden)
    return Masked("".join(covered), frozenset(kinds))


def _digits(text: str) -> str:
    return "".join([one for one in text if one.isdecimal()])
