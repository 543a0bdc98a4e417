"""One turn being answered: what a handler is given, and what it gives back."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import Actor
from cases.vocabulary import Role
from handlers.replies import Choice, Param, Reply
from handlers.turns import Text, Turn
from handlers.world import World
from storage.dialogues import Conversation, Dialogue
from storage.tables import JsonObject

STEP_MARK = "~"
PARKED = "parked"
_LASTING = ("meeting", "meeting_until", PARKED)
"""What of a dialogue's data outlives its flow: the meeting whose link the person followed, and a draft that
was laid aside."""
_MEETING_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A turn in its conversation, with the transaction that everything it does belongs to."""

    connection: AsyncConnection
    world: World
    talk: Conversation
    turn: Turn
    now: datetime

    @property
    def locale(self) -> str:
        """The person's language."""
        return self.talk.locale

    @property
    def data(self) -> JsonObject:
        """What the dialogue has gathered so far."""
        return self.talk.dialogue.data or {}

    @property
    def raiser(self) -> Actor:
        """The person, as who raises a case and acts on their own."""
        return Actor(Role.RAISER, resident_id=self.talk.resident_id)

    @property
    def supporter(self) -> Actor:
        """The person, as a neighbour of somebody else's case."""
        return Actor(Role.SUPPORTER, resident_id=self.talk.resident_id)

    def afresh(self) -> "Scene":
        """The scene with nothing pressed, so that what is shown stands below, not in a message's place."""
        return replace(self, turn=replace(self.turn, body=Text("")))

    def step(self, label: str, name: str, **params: Param) -> Choice:
        """A button of the step that begins with this turn; once the step is over it is stale."""
        return Choice(label, f"{STEP_MARK}{self.talk.dialogue.token + 1}:{name}", params)

    def begins(self, flow: str, step: str, data: JsonObject | None = None) -> Dialogue:
        """The dialogue at a new step; its token makes older buttons stale."""
        kept = {key: self.data[key] for key in _LASTING if key in self.data}
        asked = {"asked_at": self.now.isoformat()} if flow else {}
        return Dialogue(flow, step, kept | asked | (data or {}), self.talk.dialogue.token + 1)

    def asked_longer_ago_than(self, span: timedelta) -> bool:
        """True when the step that is open now began more than `span` ago."""
        asked = self.data.get("asked_at")
        return isinstance(asked, str) and self.now - datetime.fromisoformat(asked) > span

    def under_meeting(self, meeting_id: int) -> JsonObject:
        """What the dialogue keeps of a meeting's link: for a day, cases are filed under it."""
        return {"meeting": meeting_id, "meeting_until": (self.now + _MEETING_LASTS).isoformat()}

    @property
    def meeting_id(self) -> int | None:
        """The meeting that cases are filed under now, or None."""
        meeting, until = self.data.get("meeting"), self.data.get("meeting_until")
        if not isinstance(meeting, int) or not isinstance(until, str):
            return None
        return meeting if datetime.fromisoformat(until) > self.now else None

    def rests(self) -> Dialogue:
        """The dialogue at rest: nothing is being asked."""
        return self.begins("", "")

    def drops(self) -> Dialogue:
        """The dialogue at rest, and nothing laid aside for later."""
        return self.begins("", "", {PARKED: None})

    def say(self, key: str) -> str:
        """A text of the catalogue in the person's language, for words that are kept."""
        return self.world.renderer.text(key, {}, self.locale)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn leads to. `dialogue` None leaves it where it stands."""

    replies: tuple[Reply, ...] = ()
    dialogue: Dialogue | None = None
    notes: tuple[str, ...] = field(default=())
    """Names of what happened, for the counters."""


def answer(*replies: Reply) -> Outcome:
    """Show something and leave the dialogue as it is."""
    return Outcome(replies)
