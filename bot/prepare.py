"""What must be fetched before a turn can be answered: a photo that only the channel has yet."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.channel import Channel, FileFault
from handlers.turns import Body, Photo
from storage.files import DiskFull, FileStore
from storage.pictures import NotAPicture, TooLarge

MOST_BYTES = 12 * 1024 * 1024
LONGEST_SECONDS = 40.0
"""Less than a conversation is leased for: who takes longer has lost it by then, at every try."""


class Preparer:
    """Fetches files outside of any transaction, so that a slow download holds nothing up but its own turn."""

    def __init__(
        self, channels: Mapping[str, Channel], files: FileStore, *, seconds: float = LONGEST_SECONDS
    ) -> None:
        self._channels = channels
        self._files = files
        self._seconds = seconds

    async def prepare(self, channel: str, body: Body) -> Body:
        """The body with its photo kept, or with the reason why it could not be."""
        if not isinstance(body, Photo) or body.remote is None or body.file is not None:
            return body
        source = self._channels.get(channel)
        if source is None:
            return replace(body, fault="unavailable")
        try:
            async with asyncio.timeout(self._seconds):
                content = await source.fetch(body.remote, MOST_BYTES)
            kept = await self._files.keep(content)
        except FileFault as fault:
            return replace(body, fault=fault.reason)
        except TimeoutError:
            return replace(body, fault="unavailable")
        except TooLarge:
            return replace(body, fault="too_large")
        except NotAPicture:
            return replace(body, fault="not_a_picture")
        except DiskFull:
            return replace(body, fault="unavailable")
        return replace(body, file=kept.name, media_type=kept.media_type, size=kept.size)
