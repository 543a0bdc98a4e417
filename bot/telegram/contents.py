"""What is in a message: words, a picture, a place, or something we cannot use."""

from collections.abc import Callable

from bot.telegram.updates import Document, Message, PhotoSize
from handlers.turns import Body, Location, Photo, Text, Unsupported
from intents.masking import Masked

MOST_BYTES = 12 * 1024 * 1024
"""The largest picture that is fetched."""

Cover = Callable[[str], Masked]

# The field of a message that holds it, and what the person is told we cannot use. An animation comes with
# a document of the same file, so documents stand last.
_UNUSABLE = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video_note", "video"),
    ("video", "video"),
    ("animation", "video"),
    ("sticker", "sticker"),
    ("contact", "contact"),
    ("poll", "poll"),
    ("dice", "other"),
    ("game", "other"),
    ("story", "other"),
    ("paid_media", "other"),
    ("checklist", "other"),
    ("document", "document"),
)


def body_of(message: Message, reply_to: str | None, cover: Cover) -> Body | None:
    """The turn a message stands for; None for a service message, which asks for nothing."""
    if message.text is not None:
        covered = cover(message.text)
        return Text(covered.text, kinds(covered), reply_to)
    if message.photo:
        return _photo(message, reply_to, cover)
    spot = message.venue.location if message.venue else message.location
    if spot is not None:
        return Location(spot.latitude, spot.longitude)
    document = message.document
    if document is not None and document.mime_type.startswith("image/") and message.animation is None:
        return _picture_file(message, document, reply_to, cover)
    what = next((name for field, name in _UNUSABLE if getattr(message, field) is not None), None)
    return None if what is None else Unsupported(what)


def kinds(covered: Masked) -> tuple[str, ...]:
    """The names of what was covered, in one order."""
    return tuple(sorted(kind.value for kind in covered.kinds))


def _photo(message: Message, reply_to: str | None, cover: Cover) -> Photo:
    fitting = [size for size in message.photo if size.file_size <= MOST_BYTES]
    if not fitting:
        return _pictured(message, reply_to, cover, size=_largest(message.photo).file_size)
    best = _largest(fitting)
    return _pictured(message, reply_to, cover, best.file_id, "image/jpeg", best.file_size)


def _largest(sizes: tuple[PhotoSize, ...] | list[PhotoSize]) -> PhotoSize:
    return max(sizes, key=lambda size: size.width * size.height)


def _picture_file(message: Message, document: Document, reply_to: str | None, cover: Cover) -> Photo:
    if document.file_size > MOST_BYTES:
        return _pictured(message, reply_to, cover, size=document.file_size)
    return _pictured(message, reply_to, cover, document.file_id, document.mime_type, document.file_size)


def _pictured(
    message: Message,
    reply_to: str | None,
    cover: Cover,
    remote: str | None = None,
    media_type: str = "",
    size: int = 0,
) -> Photo:
    caption = cover(message.caption)
    return Photo(
        remote=remote,
        media_type=media_type,
        size=size,
        caption=caption.text,
        masked=kinds(caption),
        reply_to=reply_to,
        album=message.media_group_id,
        fault=None if remote else "too_large",
    )
