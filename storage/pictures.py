"""Making a picture harmless: known by its content, drawn anew, with nothing in it but what it shows."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

PICTURE_TYPE = "image/jpeg"
MAX_PIXELS = 40_000_000
MAX_SIDE = 2048
QUALITY = 85

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPicture(Exception):  # noqa: N818 - named as callers say it
    """The bytes are none of the picture formats we take, or are broken."""


class TooLarge(Exception):  # noqa: N818
    """The picture has more bytes or pixels than we take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG and its size in pixels."""

    data: bytes
    width: int
    height: int


def clean_picture(data: bytes) -> Picture:
    """Draw the (first) picture in `data` anew as a JPEG of at most 2048 pixels a side, upright.

    Place, camera, thumbnails, colour profiles, comments and whatever stood behind the picture are not
    carried over. Raises NotAPicture or TooLarge.
    """
    try:
        return _draw_anew(data)
    except TooLarge:
        raise
    except _BOMBS as error:
        raise TooLarge("too many pixels") from error
    # Decoders raise all sorts of errors on hostile bytes; every one of them means the same to us.
    except Exception as error:
        raise NotAPicture(type(error).__name__) from error


def _draw_anew(data: bytes) -> Picture:
    with Image.open(BytesIO(data), formats=_FORMATS) as source:
        if source.width * source.height > MAX_PIXELS:
            raise TooLarge(f"{source.width} x {source.height} pixels; at most {MAX_PIXELS}")
        # Smaller first, then turned: a JPEG is then never decoded in its full size.
        source.thumbnail((MAX_SIDE, MAX_SIDE))
        flat = _on_white(ImageOps.exif_transpose(source))
    # Pixels only: a new image has no `info` that a writer could carry over.
    clean = Image.new("RGB", flat.size)
    clean.paste(flat)
    target = BytesIO()
    clean.save(target, "JPEG", quality=QUALITY, optimize=True)
    return Picture(target.getvalue(), clean.width, clean.height)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")
