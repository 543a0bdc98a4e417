"""Words in a conversation: what the person wants with them, and who answers."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from handlers.flows import closing, detail, emergency, mine, settings, smalltalk, suggest, withdraw
from handlers.replies import Reply, term
from handlers.scene import Outcome, Scene, answer
from handlers.turns import Edited, Photo, Text
from intents.reading import Intent, Reading

_SHORT = 16

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

# While words are awaited, only these are heard as something else than those words; more of them while a
# draft is open, and most of all at its card.
_BREAKS_IN = frozenset({Intent.EMERGENCY, Intent.CANCEL})
_BREAKS_INTO_DRAFT = _BREAKS_IN | {
    Intent.MY_CASES,
    Intent.HELP,
    Intent.HUMAN,
    Intent.LANGUAGE,
    Intent.PRIVACY,
    Intent.WITHDRAW,
}
_BREAKS_INTO_CARD = frozenset(Intent) - {Intent.SUGGEST, Intent.OTHER, Intent.ADD_DETAIL, Intent.THANKS}

# How long a step waits for words: a problem written later is a problem of its own. People take their time
# with an office's question, but nobody adds words to a rating the next day.
_WAITS = MappingProxyType(
    {("closing", "words"): timedelta(minutes=20), ("detail", "words"): timedelta(hours=2)}
)
_WAITS_LONGEST = timedelta(days=2)

_MAY_ANSWER = frozenset({Intent.SUGGEST, Intent.OTHER, Intent.ADD_DETAIL})
"""What may be the answer to an office's question, when it comes without the button having been pressed."""


async def understand(scene: Scene, body: Text, waiting: Step | None) -> Outcome:
    """Answer words: as what the dialogue waits for, or as what they mean by themselves."""
    reading = scene.world.understanding.read(body.text)
    if waiting is not None and not _breaks_in(scene, reading):
        outcome = await waiting(scene, body.text)
    else:
        outcome = await _by_itself(scene, body.text, reading)
    return say_what_was_masked(outcome, body)


def _breaks_in(scene: Scene, reading: Reading) -> bool:
    dialogue = scene.talk.dialogue
    if reading.intent is Intent.SUGGEST and scene.asked_longer_ago_than(
        _WAITS.get((dialogue.flow, dialogue.step), _WAITS_LONGEST)
    ):
        return True
    if dialogue.flow != "suggest" or dialogue.step == "words":
        return reading.intent in _BREAKS_IN
    if reading.unfit is not None:
        # It gets its calm answer and the open question stays; a place may be a name we do not know.
        return dialogue.step != "place"
    return reading.intent in (_BREAKS_INTO_CARD if dialogue.step == "card" else _BREAKS_INTO_DRAFT)


async def _by_itself(scene: Scene, text: str, reading: Reading) -> Outcome:
    stars = closing.stars_in(text)
    rated = await closing.stars_told(scene, stars) if stars else None
    if rated is not None:
        return rated
    flow = scene.talk.dialogue.flow
    if reading.intent is Intent.WITHDRAW and flow == "suggest" and reading.case_number is None:
        # What was not sent yet needs no withdrawing.
        return await smalltalk.cancelled(scene)
    if reading.intent in _MAY_ANSWER and reading.unfit is None and flow == "":
        asked = await detail.waiting_for_answer(scene)
        if asked is not None:
            return detail.perhaps_a_reply(scene, text, asked)
    if _is_about_settings(scene, text, reading):
        return await settings.shown(scene)
    return await BY_INTENT[reading.intent](scene, text, reading)


def _is_about_settings(scene: Scene, text: str, reading: Reading) -> bool:
    # "알림 꺼 주세요": short, names a setting, and no office would act on it.
    words = scene.say("settings.words").split()
    return not reading.confident and len(text) <= _SHORT and any(word in text.lower() for word in words)


def say_what_was_masked(outcome: Outcome, body: Text | Photo | Edited) -> Outcome:
    """The outcome, with a word on personal numbers that were covered in what the person sent."""
    if not body.masked:
        return outcome
    kinds = [term(f"masked.{kind}") for kind in body.masked]
    told = answer(Reply("masked.told", {"kinds": list(kinds)}))
    return Outcome((*told.replies, *outcome.replies), outcome.dialogue, outcome.notes)
