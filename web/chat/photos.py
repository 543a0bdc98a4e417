"""POST /chat/photos and the files a conversation may see."""

from typing import Annotated

from fastapi import File, Form, Path, Request, Response, UploadFile
from fastapi.responses import FileResponse

from handlers.turns import Photo
from intents.cleaning import clean
from intents.masking import mask
from storage.attachments import may_see
from storage.files import MAX_PICTURE_BYTES, DiskFull, NoSuchFile, NotAPicture, TooLarge
from storage.my_data import as_file, collect
from storage.webchat import conversation_at
from web.chat.door import Door
from web.chat.models import LOCALE, Accepted, TurnId
from web.chat.turns import numbers_of
from web.chat.visitor import remember, visitor_of
from web.problems import Problem
from web.services import WebServices

# Decoding costs far more than reading a text.
_COST = 3.0
_MOST_CAPTION = 1000

FileName = Annotated[str, Path(description="A name the server gave.")]
_NOTHING_ACTIVE = "default-src 'none'; sandbox"


class Photos:
    """Takes pictures, and shows them to whom they belong."""

    def __init__(self, services: WebServices, door: Door) -> None:
        self._services = services
        self._door = door
        self._public_numbers = tuple(numbers_of(services.city))

    async def post(
        self,
        request: Request,
        response: Response,
        id: Annotated[TurnId, Form()],  # noqa: A002 - the field's name in the API
        file: Annotated[UploadFile, File(description="JPEG, PNG, WebP or GIF, at most 12 MB.")],
        caption: Annotated[str, Form(max_length=_MOST_CAPTION)] = "",
        locale: Annotated[LOCALE, Form()] = "ko",
    ) -> Accepted:
        """Take a picture. Place and camera data are stripped before it is kept."""
        visitor = visitor_of(request)
        self._door.guard(request, visitor, _COST)
        photo = await self._kept(await file.read(MAX_PICTURE_BYTES + 1), caption)
        received = await self._door.take(visitor, id, photo, locale)
        if received.inbox_id is None and photo.file is not None:
            # It had arrived before, and was kept then.
            await self._services.files.remove(photo.file)
        remember(response, visitor, secure=self._services.secure_cookies)
        return Accepted(id=id)

    async def show(self, name: FileName, request: Request) -> FileResponse:
        """A picture that this conversation sent or was shown."""
        return await self._file(name, request)

    async def my_data(self, request: Request) -> Response:
        """Everything kept about the person of this conversation, as a JSON file."""
        async with self._services.database.read() as connection:
            conversation = await conversation_at(connection, visitor_of(request).address)
            if conversation is None:
                raise Problem("not_found")
            data = await collect(connection, conversation.id)
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="my-data.json"',
        }
        return Response(as_file(data), media_type="application/json", headers=headers)

    async def _kept(self, data: bytes, caption: str) -> Photo:
        try:
            kept = await self._services.files.keep(data)
        except TooLarge as error:
            raise Problem("picture_too_large") from error
        except NotAPicture as error:
            raise Problem("not_a_picture") from error
        except DiskFull as error:
            raise Problem("no_room") from error
        words = mask(clean(caption), self._public_numbers)
        return Photo(
            file=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            caption=words.text,
            masked=tuple(sorted(words.kinds)),
        )

    async def _file(self, name: str, request: Request) -> FileResponse:
        try:
            stored = self._services.files.open(name)
        except NoSuchFile as error:
            raise Problem("not_found") from error
        async with self._services.database.read() as connection:
            conversation = await conversation_at(connection, visitor_of(request).address)
            allowed = conversation is not None and await may_see(connection, conversation.id, name)
        if not allowed:
            raise Problem("not_found")
        return FileResponse(
            stored.path,
            media_type=stored.media_type,
            filename=name,
            content_disposition_type="inline",
            headers={"Cache-Control": "private, max-age=86400", "Content-Security-Policy": _NOTHING_ACTIVE},
        )
