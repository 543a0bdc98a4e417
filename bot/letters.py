"""Rendering outbox rows: words and buttons in the reader's language, and files that go along."""

from collections.abc import Mapping

from bot.channel import Button, Enclosure, Rendered
from handlers.flows.settings import MY_DATA
from handlers.rendering import Renderer
from handlers.replies import ReplyKind
from storage.engine import Database
from storage.files import FileStore
from storage.my_data import as_file, collect
from storage.outbox import Parcel


class Letters:
    """Turns a claimed row into what a channel can send."""

    def __init__(self, renderer: Renderer, files: FileStore, database: Database) -> None:
        self._renderer = renderer
        self._files = files
        self._database = database

    async def render(self, parcel: Parcel) -> Rendered:
        """The row as words. Raises LookupError for an unknown template or parameter."""
        return Rendered(
            text=self._renderer.text(parcel.template, parcel.params, parcel.locale),
            buttons=tuple(
                tuple(self._button(choice, parcel.locale) for choice in row)
                for row in parcel.choices
                if isinstance(row, list)
            ),
            enclosure=await self._enclosure(parcel),
        )

    def _button(self, choice: object, locale: str) -> Button:
        if not isinstance(choice, Mapping):
            raise LookupError("a choice is no object")
        label = self._renderer.text(str(choice["label"]), choice["params"], locale)
        return Button(label, str(choice["action"]), str(choice["telephone"]))

    async def _enclosure(self, parcel: Parcel) -> Enclosure | None:
        if parcel.kind not in (ReplyKind.DOCUMENT, ReplyKind.PHOTO) or parcel.target is None:
            return None
        if parcel.target == MY_DATA:
            return await self._my_data(parcel.conversation_id)
        content = await self._files.read(parcel.target)
        return Enclosure(parcel.target, self._files.open(parcel.target).media_type, content)

    async def _my_data(self, conversation_id: int) -> Enclosure:
        async with self._database.read() as connection:
            data = await collect(connection, conversation_id)
        return Enclosure("my-data.json", "application/json", as_file(data))
