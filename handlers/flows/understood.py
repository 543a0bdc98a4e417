"""Words in a conversation: what the person wants with them, and who answers."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from handlers.flows import detail, emergency, mine, settings, smalltalk, suggest, withdraw
from handlers.replies import Reply, term
from handlers.scene import Outcome, Scene, answer
from handlers.turns import Text
from intents.reading import Intent, Reading

Step = Callable[[Scene, str], Awaitable[Outcome]]
Reader = Callable[[Scene, str, Reading], Awaitable[Outcome]]

BY_INTENT: Mapping[Intent, Reader] = MappingProxyType(
    {
        Intent.SUGGEST: suggest.begun,
        Intent.MY_CASES: mine.wanted,
        Intent.CASE_STATUS: mine.status_wanted,
        Intent.ADD_DETAIL: detail.meant,
        Intent.WITHDRAW: withdraw.meant,
        Intent.HELP: smalltalk.help_wanted,
        Intent.HUMAN: smalltalk.human_wanted,
        Intent.EMERGENCY: emergency.called,
        Intent.GREETING: smalltalk.greeted,
        Intent.THANKS: smalltalk.thanked,
        Intent.LANGUAGE: settings.language_wanted,
        Intent.PRIVACY: settings.privacy_wanted,
        Intent.CANCEL: smalltalk.cancel_wanted,
        Intent.OTHER: smalltalk.unfit,
    }
)

# While words are awaited, only these are heard as something else than those words.
_BREAKS_IN = frozenset({Intent.EMERGENCY, Intent.CANCEL})
_BREAKS_INTO_CARD = frozenset(Intent) - {Intent.SUGGEST, Intent.OTHER, Intent.ADD_DETAIL, Intent.THANKS}


async def understand(scene: Scene, body: Text, waiting: Step | None) -> Outcome:
    """Answer words: as what the dialogue waits for, or as what they mean by themselves."""
    reading = scene.world.understanding.read(body.text)
    breaks_in = _BREAKS_INTO_CARD if scene.talk.dialogue.step == "card" else _BREAKS_IN
    if waiting is not None and reading.intent not in breaks_in:
        outcome = await waiting(scene, body.text)
    else:
        outcome = await BY_INTENT[reading.intent](scene, body.text, reading)
    return _say_what_was_masked(outcome, body)


def _say_what_was_masked(outcome: Outcome, body: Text) -> Outcome:
    if not body.masked:
        return outcome
    kinds = [term(f"masked.{kind}") for kind in body.masked]
    told = answer(Reply("masked.told", {"kinds": list(kinds)}))
    return Outcome((*told.replies, *outcome.replies), outcome.dialogue, outcome.locale, outcome.notes)
