"""GET /chat/my-data: everything kept about the person of this conversation, as a file (열람)."""

from fastapi import Request, Response

from storage.my_data import as_file, collect
from storage.webchat import conversation_at
from web.chat.visitor import visitor_of
from web.problems import Problem
from web.services import WebServices

PATH = "/chat/my-data"
FILE_NAME = "my-data.json"


class MyData:
    """Gives a person what is kept of them; the cookie of the conversation is the only key to it."""

    def __init__(self, services: WebServices) -> None:
        self._services = services

    async def save(self, request: Request) -> Response:
        """What is kept of the person behind this conversation, written anew at each request."""
        async with self._services.database.read() as connection:
            conversation = await conversation_at(connection, visitor_of(request).address)
            if conversation is None:
                raise Problem("not_found")
            data = await collect(connection, conversation.id)
        return Response(
            as_file(data),
            media_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
                "Cache-Control": "no-store",
            },
        )
