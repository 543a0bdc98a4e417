"""Fetching what only the channel has yet: never for so long that the conversation is lost over it."""

import asyncio
from pathlib import Path

from bot.channel import Outcome, Rendered
from bot.prepare import Preparer
from handlers.turns import Photo
from storage.files import FileStore
from storage.outbox import Parcel


class _Stalling:
    """A messenger whose files never come."""

    @property
    def name(self) -> str:
        return "telegram"

    async def deliver(self, parcel: Parcel, rendered: Rendered) -> Outcome:
        raise AssertionError("nothing is sent here")

    async def fetch(self, remote: str, limit: int) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError("it never comes")


async def test_a_photo_that_does_not_come_is_given_up_and_the_person_is_told(tmp_path: Path) -> None:
    preparer = Preparer({"telegram": _Stalling()}, FileStore(tmp_path), seconds=0.05)
    async with asyncio.timeout(5):
        prepared = await preparer.prepare("telegram", Photo(remote="abc"))
    assert prepared == Photo(remote="abc", fault="unavailable")
