"""Reads the HTML that Telegram allows in a text: plain text plus entities, or the error it answers.

Rules: core.telegram.org/bots/api, "Formatting options", HTML style.
"""

import html
import re
from dataclasses import dataclass, field

from tests.doubles.telegram.basics import JsonObject, broken_rule

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt", "gt", "amp", "quot"}
TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>(?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r"""\s*([A-Za-z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
CHARACTER = re.compile(r"&(?:(?P<name>[A-Za-z]+)|#(?P<dec>\d{1,7})|#x(?P<hex>[0-9A-Fa-f]{1,6}));")
LINK = re.compile(r"(?:https?://[^\s/?#]+|tg://\S+|ton://\S+)\S*", re.IGNORECASE)


@dataclass(slots=True)
class Formatted:
    """A text as people see it. `careless` are things Telegram forgives but a right program does not do."""

    text: str
    entities: list[JsonObject] = field(default_factory=list)
    careless: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    tag: str
    kind: str
    start: int
    entity: JsonObject


def utf16(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts the places of entities."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> Formatted:
    """The text and entities of `source`; raises `RefusalError` 400 as Telegram does."""
    result = Formatted("")
    opened: list[_Open] = []
    position = 0
    while position < len(source):
        character = source[position]
        if character == "<":
            position = _tag(source, position, result, opened)
        elif character == "&":
            position = _character(source, position, result)
        else:
            if character == ">":
                result.careless.append(f"unescaped '>' at {position}")
            result.text += character
            position += 1
    if opened:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return _trimmed(result)


def _tag(source: str, position: int, result: Formatted, opened: list[_Open]) -> int:
    found = TAG.match(source, position)
    if found is None:
        raise _unreadable(f"Unsupported start tag at byte offset {_offset(source, position)}")
    name = found["name"].lower()
    if found["end"]:
        _close(name, source, position, result, opened)
    else:
        pairs = ATTRIBUTE.findall(found["attributes"])
        attributes = {key.lower(): html.unescape(value.strip("\"'")) for key, value in pairs}
        opened.append(_opening(name, attributes, source, position, result))
    return found.end()


def _opening(name: str, attributes: dict[str, str], source: str, position: int, result: Formatted) -> _Open:
    kind = ENTITY_OF_TAG.get(name)
    if kind is None or (name == "span" and attributes.get("class") != "tg-spoiler"):
        raise _unreadable(f'Unsupported start tag "{name}" at byte offset {_offset(source, position)}')
    entity: JsonObject = {}
    if kind == "text_link":
        link = attributes.get("href", "")
        if not LINK.fullmatch(link):
            result.careless.append(f"a link Telegram drops without a word: {link!r}")
        entity["url"] = link
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif kind == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    elif kind == "code" and "class" in attributes:
        entity["language"] = attributes["class"].removeprefix("language-")
    return _Open(name, kind, utf16(result.text), entity)


def _close(name: str, source: str, position: int, result: Formatted, opened: list[_Open]) -> None:
    if not opened:
        raise _unreadable(f"Unexpected end tag at byte offset {_offset(source, position)}")
    last = opened.pop()
    if last.tag != name:
        raise _unreadable(
            f"Unmatched end tag at byte offset {_offset(source, position)}, "
            f'expected "</{last.tag}>", found "</{name}>"'
        )
    length = utf16(result.text) - last.start
    if length:
        result.entities.append({"type": last.kind, "offset": last.start, "length": length, **last.entity})


def _character(source: str, position: int, result: Formatted) -> int:
    found = CHARACTER.match(source, position)
    if found is None or (found["name"] and found["name"] not in NAMED):
        result.careless.append(f"unescaped '&' at {position}")
        result.text += "&"
        return position + 1
    result.text += html.unescape(found[0])
    return found.end()


def _trimmed(parsed: Formatted) -> Formatted:
    """Telegram strips white space at both ends after it has read the entities."""
    cut = utf16(parsed.text) - utf16(parsed.text.lstrip())
    text = parsed.text.strip()
    end = utf16(text)
    entities: list[JsonObject] = []
    for entity in parsed.entities:
        offset, length = entity["offset"], entity["length"]
        if not isinstance(offset, int) or not isinstance(length, int):
            raise TypeError(f"an entity without a place: {entity}")
        first, last = max(offset - cut, 0), min(offset - cut + length, end)
        if last > first:
            entities.append({**entity, "offset": first, "length": last - first})
    entities.sort(key=str)
    return Formatted(text, entities, parsed.careless)


def _offset(source: str, position: int) -> int:
    return len(source[:position].encode())


def _unreadable(why: str) -> Exception:
    return broken_rule(f"can't parse entities: {why}")
