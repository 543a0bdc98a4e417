"""Files kept outside the web root: pictures made harmless, each under a random name."""

import asyncio
import errno
import os
import re
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from storage.pictures import PICTURE_TYPE, NotAPicture, TooLarge, clean_picture

__all__ = ["DiskFull", "FileStore", "Kept", "NoSuchFile", "NotAPicture", "Stored", "TooLarge"]

MAX_PICTURE_BYTES = 12 * 1024 * 1024

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "jpg": PICTURE_TYPE,
        "json": "application/json",
        "txt": "text/plain; charset=utf-8",
        "table": "application/octet-stream",
    }
)
"""What may be kept: the ending of the name, and the type it is served as."""

_NAME = re.compile(rf"[0-9a-f]{{32}}\.(?:{'|'.join(MEDIA_TYPES)})")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Result = TypeVar("Result")


class DiskFull(Exception):  # noqa: N818 - named as callers say it
    """There is no room for another file; nothing was kept."""


class NoSuchFile(Exception):  # noqa: N818
    """The store holds no file of this name, or the name is none the store ever gave."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was kept: its random name, its type, its size in bytes and in pixels."""

    name: str
    media_type: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the store, to be served as `media_type`."""

    path: Path
    media_type: str


class FileStore:
    """A private folder of files (파일 보관함). What it says was kept is on the disk, whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        # One picture at a time: a large one takes a hundred megabytes while it is decoded.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="files")

    async def keep(self, data: bytes) -> Kept:
        """Keep a picture, stripped of everything but what it shows.

        Raises NotAPicture (no JPEG, PNG, WebP or GIF by its content), TooLarge (over 12 MB or 40 million
        pixels) or DiskFull.
        """
        return await self._in_thread(partial(self._keep_picture, data))

    async def keep_table(self, data: bytes) -> str:
        """Keep a file of rows until it is taken in, and give its name. Raises DiskFull."""
        return await self._in_thread(partial(self._write, data, "table"))

    async def read(self, name: str) -> bytes:
        """The bytes of a kept file. Raises NoSuchFile."""
        return await self._in_thread(self.open(name).path.read_bytes)

    async def remove(self, name: str) -> None:
        """Remove a file; one that is not there is as good as removed. Raises NoSuchFile for a wrong name."""
        await self._in_thread(partial(self._path(name).unlink, missing_ok=True))

    def open(self, name: str) -> Stored:
        """Where a kept file is and what it is served as. Raises NoSuchFile."""
        path = self._path(name)
        if not path.is_file():
            raise NoSuchFile(name)
        return Stored(path, MEDIA_TYPES[path.suffix[1:]])

    def close(self) -> None:
        """Finish what is being written."""
        self._thread.shutdown()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NoSuchFile(name)
        return self._folder / name

    def _keep_picture(self, data: bytes) -> Kept:
        if len(data) > MAX_PICTURE_BYTES:
            raise TooLarge(f"{len(data)} bytes; at most {MAX_PICTURE_BYTES}")
        picture = clean_picture(data)
        name = self._write(picture.data, "jpg")
        return Kept(name, PICTURE_TYPE, len(picture.data), picture.width, picture.height)

    def _write(self, data: bytes, ending: str) -> str:
        name = f"{secrets.token_hex(16)}.{ending}"
        target = self._path(name)
        part = self._folder / f".{name}.part"
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
            self._sync_folder()
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno in _FULL:
                raise DiskFull(f"no room for {len(data)} bytes") from error
            raise
        return name

    def _sync_folder(self) -> None:
        # Without this the name itself may be gone after a power cut.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
