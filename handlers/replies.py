"""What a person is shown: replies (답), their choices and parameters, free of any channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

Said = dict[str, object]
"""A value that is said in the reader's language when it is shown: {"as": …, "value": …}."""

Param = str | int | Said | list["str | Said"]
"""What a slot of a template is given: plain words, a Said, or several, one below the other."""

PRESSED = "pressed_query"
"""The parameter of what is shown first after a press: the channel's id of the press, to acknowledge it."""


class Lane(IntEnum):
    """Which messages go first (차선)."""

    ANSWER = 0
    STAFF = 1
    NOTICE = 2
    BULK = 3


class ReplyKind(StrEnum):
    """How a reply is shown."""

    MESSAGE = "message"
    EDIT = "edit"  # takes the place of the message whose button was pressed
    TOAST = "toast"  # a short word at the button itself
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its label is a template; `action` (64 bytes at most) comes back when it is pressed.

    `telephone` makes it a number to call, where the channel can do that.
    """

    label: str
    action: str
    params: Mapping[str, Param] = field(default_factory=dict)
    telephone: str = ""


Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing to show: a template's key, its parameters and rows of choices."""

    template: str
    params: Mapping[str, Param] = field(default_factory=dict)
    choices: Rows = ()
    kind: ReplyKind = ReplyKind.MESSAGE
    case_id: int | None = None
    target: str | None = None
    """EDIT: the message's id. TOAST: the press's id. PHOTO, DOCUMENT: the stored file's name."""


def office(office_id: str) -> Said:
    """An office's name in the reader's language."""
    return {"as": "office", "value": office_id}


def department(department_id: str) -> Said:
    """A department's name without its district, while the place is not known."""
    return {"as": "department", "value": department_id}


def phone_of(office_id: str) -> Said:
    """The office's phone number, or the call centre's."""
    return {"as": "phone", "value": office_id}


def place(district: str, name: str) -> Said:
    """A district and a place's name; both empty: none was named."""
    return {"as": "place", "value": f"{district}/{name}"}


def day(value: date) -> Said:
    """A date, written out with its weekday."""
    return {"as": "day", "value": value.isoformat()}


def day_of(value: datetime) -> Said:
    """The date of a moment in the city's zone, written out with its weekday."""
    return {"as": "day_of", "value": value.isoformat()}


def moment(value: datetime) -> Said:
    """A moment, as date and time in the city's zone."""
    return {"as": "moment", "value": value.isoformat()}


def term(key: str) -> Said:
    """Another template's text, such as `state.received` or `kind.suggestion`."""
    return {"as": "term", "value": key}


def said(template: str, **params: Param) -> Said:
    """A whole template inside another: a line of a list, a sentence that is there only sometimes."""
    return {"as": "said", "value": template, "params": dict(params)}
