"""What the chat's API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from handlers.replies import ReplyKind
from intents.cleaning import clean

LOCALE = Literal["ko", "en"]
LONGEST_TEXT = 20_000
LONGEST_CHOICE_BYTES = 64


def _without_control_characters(text: str) -> str:
    kept = clean(text)
    if not kept.strip():
        raise ValueError("there are no words in it")
    return kept


def _fits_a_button(choice: str) -> str:
    if len(choice.encode()) > LONGEST_CHOICE_BYTES or not choice.isprintable():
        raise ValueError(f"at most {LONGEST_CHOICE_BYTES} printable bytes")
    return choice


TurnId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_without_control_characters)
]
ChoiceAction = Annotated[str, StringConstraints(min_length=1), AfterValidator(_fits_a_button)]


class Point(BaseModel):
    """A place on the map, in degrees (WGS 84)."""

    model_config = ConfigDict(extra="forbid")

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


class TurnIn(BaseModel):
    """One thing a person sent: exactly one of `text`, `choice` and `location`."""

    model_config = ConfigDict(extra="forbid")

    id: TurnId = Field(description="Made by the client. Sending the same id again changes nothing.")
    text: Words | None = Field(None, description="Words, or a command such as /help.")
    choice: ChoiceAction | None = Field(None, description="The `action` of a button that was shown.")
    location: Point | None = None
    message: int | None = Field(
        None, ge=1, lt=2**53, description="With `choice`: the position of the message its button stood under."
    )
    locale: LOCALE = Field("ko", description="The language to begin a new conversation in.")

    @model_validator(mode="after")
    def _has_one_content(self) -> Self:
        if sum(one is not None for one in (self.text, self.choice, self.location)) != 1:
            raise ValueError("exactly one of text, choice and location is needed")
        return self


class Accepted(BaseModel):
    """The turn is stored, for good. The reply comes by /chat/replies or /chat/stream."""

    id: str
    state: Literal["accepted"] = "accepted"


class ChoiceOut(BaseModel):
    """A button: send its `action` back as `choice`, or call `telephone` where there is one."""

    label: str
    action: str
    telephone: str | None = None
    step: int | None = Field(
        default=None,
        description="Good only until another step begins: of all such buttons, those of the highest step.",
    )


class ReplyOut(BaseModel):
    """One thing to show the person."""

    position: int = Field(description="1, 2, 3 … in this conversation.")
    kind: ReplyKind = Field(
        description="edit: takes the place of the message at `replaces`. toast: a short word, shown once."
    )
    text: str
    choices: list[list[ChoiceOut]] = Field(default_factory=list, description="Rows of buttons.")
    at: datetime
    locale: str = Field(description="The language it is written in.")
    replaces: int | None = None
    photo: str | None = Field(default=None, description="Path of a picture.")
    document: str | None = Field(default=None, description="Path of a file to save.")


class RepliesOut(BaseModel):
    """Replies behind a position. Ask again with `after=last`; at once while `more` is true."""

    replies: list[ReplyOut]
    last: int
    more: bool = False


class LanguageIn(BaseModel):
    """The language a person chose."""

    model_config = ConfigDict(extra="forbid")

    locale: LOCALE
