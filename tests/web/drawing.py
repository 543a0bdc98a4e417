"""Pictures for tests, drawn here."""

import struct
import zlib
from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def jpeg(width: int = 64, height: int = 48, *, exif: Image.Exif | None = None, colour: str = "teal") -> bytes:
    target = BytesIO()
    image = Image.new("RGB", (width, height), colour)
    image.save(target, "JPEG", **({"exif": exif} if exif else {}))
    return target.getvalue()


def as_format(kind: str) -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(target, kind)
    return target.getvalue()


def taken_at_home() -> Image.Exif:
    """What a phone writes into a picture: where, with what, when, and which way is up."""
    exif = Image.Exif()
    exif[Base.Make] = "SecretPhone"
    exif[Base.DateTime] = "2026:11:20 10:00:00"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (37.0, 27.0, 22.0)
    return exif


def bomb_png(width: int, height: int) -> bytes:
    """A small file that claims to be a huge picture, and is one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (width // 8 + 2)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(min(height, 2000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
