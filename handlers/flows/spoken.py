"""Buttons said in words (말로 누르기): "네" below the card is the button that sends it.

Only whole messages count, and only while the question stands. The words are in the locales (`spoken.…`),
separated by commas; those of every language are heard, whichever is spoken.
"""

from collections.abc import Mapping
from types import MappingProxyType

from handlers.scene import Scene

_LOCALES = ("ko", "en")

# For each open question: the button, and the texts that hold the words for it. A button's own label is one.
_WORDS: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        ("consent", "asked"): {
            "yes": ("consent.yes", "spoken.agree"),
            "no": ("consent.no", "spoken.refuse"),
        },
        ("consent", "refused"): {"yes": ("consent.yes", "consent.yes_after_all", "spoken.agree")},
        ("suggest", "card"): {
            "send": ("card.send", "spoken.yes", "spoken.send"),
            "office": ("card.office",),
            "place": ("card.place",),
            "photo": ("card.photo",),
            "words": ("card.words",),
            "public": ("card.hide", "card.publish"),
        },
        ("suggest", "parts"): {
            "parts:each": ("parts.each", "spoken.each", "spoken.yes"),
            "parts:together": ("parts.together", "spoken.together"),
        },
        ("suggest", "office"): {
            "to:desk": ("office.unknown", "spoken.unsure"),
            "to:0": ("spoken.yes",),
        },
        ("suggest", "place"): {
            "place:unknown": ("place.unknown", "spoken.unsure"),
            "place:city": ("place.whole_city",),
        },
        ("suggest", "similar"): {"similar:no": ("similar.other", "spoken.other", "spoken.no")},
        ("suggest", "more"): {
            "more:append": ("more.append", "spoken.append"),
            "more:new": ("more.new", "spoken.new"),
            "more:": ("spoken.yes",),
        },
        ("emergency", "offered"): {"on": ("emergency.go_on", "spoken.go_on")},
        ("human", "offered"): {"ticket": ("human.ticket", "spoken.yes")},
        ("detail", "perhaps"): {
            "yes": ("detail.is_reply", "spoken.yes"),
            "new": ("detail.is_new", "spoken.no", "spoken.new"),
        },
        ("withdraw", "reason"): {
            "keep": ("withdraw.keep", "spoken.no"),
            "words": ("withdraw.words", "spoken.yes"),
            "new": ("withdraw.new",),
        },
        ("closing", "words"): {"done": ("closing.no_words", "spoken.no")},
        ("settings", "erase"): {
            "erase": ("privacy.erase_yes", "spoken.yes"),
            "keep": ("privacy.erase_no", "spoken.no"),
        },
    }
)


def button_meant(scene: Scene, text: str) -> str | None:
    """The button of the open question that these words are, or None."""
    dialogue = scene.talk.dialogue
    said = dense(text)
    if not said:
        return None
    for button, keys in _WORDS.get((dialogue.flow, dialogue.step), {}).items():
        if any(said in _phrases(scene, key) for key in keys):
            return button
    return None


def number_meant(text: str, most: int) -> int | None:
    """The number, 1 to `most`, that somebody typed to pick from a list ("2", "2번이요"), else None."""
    digits = dense(text).rstrip("번째으로요이입니다예")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 3):
        return None
    return int(digits) if 1 <= int(digits) <= most else None


def dense(text: str) -> str:
    """Letters and digits only, in small letters: how somebody spaces and ends a word says nothing."""
    return "".join(one for one in text.lower() if one.isalnum())


def _phrases(scene: Scene, key: str) -> frozenset[str]:
    texts = [scene.world.renderer.text(key, {}, locale) for locale in _LOCALES]
    return frozenset(dense(phrase) for text in texts for phrase in (text, *text.split(","))) - {""}
