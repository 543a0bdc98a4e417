"""Whether a writer says that they are under fourteen (만 14세 미만), when a guardian's consent is needed."""

import re

_ADULT_AGE = 14
_SELF = r"(?:저는|저|전|나는|나|제가|내가|난)"
_SCHOOL = re.compile(
    rf"(?:^|[\s.,!]){_SELF}?\s?(?:지금\s?)?(?:(?:\w+)?초등?학교?\s?[1-6]학년|초[1-6]|초등학생|초딩|유치원생|(?:\w+초)\s?[1-6]학년|중학교?\s?1학년|중1)"
    r"\s?(?:학생)?\s?(?:인데|이에요|예요|이예요|입니다|이고|이라|이야|임|이지만|이구)"
)
_AGE = re.compile(
    rf"(?:^|[\s.,!])(?:{_SELF}\s?(?:는|은)?\s?)(?:올해\s?|이제\s?|지금\s?)?(?:만\s?)?(\d{{1,2}})\s?(?:살|세)\s?(?:이에요|이예요|예요|입니다|인데|이고|이야|이라|임|이구|어린이|학생)"
)
_BARE_AGE = re.compile(r"^\s*(?:만\s?)?(\d{1,2})\s?(?:살|세)\s?(?:이에요|이예요|예요|입니다|인데|이고|이야)")
_ENGLISH = re.compile(
    r"\bi(?:'m| am) (?:only )?(\d{1,2})(?: years? old)?\b|\bi(?:'m| am) in (?:elementary|primary) school\b",
    re.I,
)


def mentions_child(text: str) -> bool:
    """True when the writer says of themselves that they are under fourteen or in primary school.

    What is said of other children (아이가 초등학생인데) does not count.
    """
    if _SCHOOL.search(text) and not _of_another(text):
        return True
    for pattern in (_AGE, _BARE_AGE, _ENGLISH):
        for found in pattern.finditer(text):
            if found[1] is None or 3 <= int(found[1]) < _ADULT_AGE:
                return True
    return False


def _of_another(text: str) -> bool:
    found = _SCHOOL.search(text)
    before = text[max(0, found.start() - 12) : found.start() + 1] if found else ""
    return bool(
        re.search(
            r"(?:아이|애|딸|아들|자녀|손주|손자|손녀|동생|조카|학생)\w{0,2}\s*$|(?:아이|애|딸|아들|자녀|손주|손자|손녀|동생|조카)(?:가|는|이|은|도)?\s",
            before,
        )
    )
