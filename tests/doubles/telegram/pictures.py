"""Photos as Telegram keeps them: the picture and a small one, each with its size in pixels."""

import io
import mimetypes

from PIL import Image, UnidentifiedImageError

from tests.doubles.telegram.basics import broken_rule
from tests.doubles.telegram.rules import MAX_PHOTO
from tests.doubles.telegram.world import StoredFile, World

SMALL = 90
"""Pixels of the longer side of the small one."""


def store_photo(world: World, content: bytes, name: str) -> tuple[StoredFile, ...]:
    """Keeps a photo, smallest first; raises `RefusalError` where Telegram would not take it as a photo.

    Telegram writes every photo anew as JPEG; the double keeps the bytes as they came, so that
    what they carry (place, camera) is still there to be stripped.
    """
    if len(content) > MAX_PHOTO:
        raise broken_rule(f"file is too big for a photo: {len(content)} bytes")
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size, kind = picture.size, picture.format or "JPEG"
            picture.thumbnail((SMALL, SMALL))
            small = io.BytesIO()
            picture.convert("RGB").save(small, "JPEG")
            small_size = picture.size
    except (UnidentifiedImageError, OSError):
        raise broken_rule("IMAGE_PROCESS_FAILED") from None
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise broken_rule("PHOTO_INVALID_DIMENSIONS")
    return (
        world.store(small.getvalue(), "small.jpg", "image/jpeg", small_size),
        world.store(content, name if "." in name else f"photo.{kind.lower()}", f"image/{kind.lower()}", size),
    )


def mime_of(name: str) -> str:
    """The type Telegram would show for a file of that name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
