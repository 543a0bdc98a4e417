"""POST /chat/turns: words, a pressed button or a place."""

import re
from collections.abc import Iterator

from fastapi import Request, Response

from handlers.turns import Body, Command, Location, Press, Start, Text
from intents.city import City
from intents.masking import mask
from web.chat.door import Door
from web.chat.models import Accepted, TurnIn
from web.chat.visitor import remember, visitor_of
from web.services import WebServices

_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+(.*))?", re.DOTALL)
_START = "start"


class Turns:
    """Takes what people send."""

    def __init__(self, services: WebServices, door: Door) -> None:
        self._secure = services.secure_cookies
        self._door = door
        self._public_numbers = tuple(numbers_of(services.city))

    async def post(self, turn: TurnIn, request: Request, response: Response) -> Accepted:
        """Take one turn of the conversation. The same `id` again is accepted again and changes nothing."""
        visitor = visitor_of(request)
        self._door.guard(request, visitor)
        await self._door.take(visitor, turn.id, self._body(turn), turn.locale)
        remember(response, visitor, secure=self._secure)
        return Accepted(id=turn.id)

    def _body(self, turn: TurnIn) -> Body:
        if turn.text is not None:
            return body_of_text(turn.text, self._public_numbers)
        if turn.choice is not None:
            return Press(turn.choice, message=None if turn.message is None else str(turn.message))
        if turn.location is not None:
            return Location(turn.location.latitude, turn.location.longitude)
        raise AssertionError("the model lets no turn through without content")


def body_of_text(text: str, public_numbers: tuple[str, ...] = ()) -> Body:
    """What was typed, as a turn: a command when it looks like one; numbers of people are covered first."""
    masked = mask(text, public_numbers)
    command = _COMMAND.fullmatch(masked.text.strip())
    if command is None:
        return Text(masked.text, masked=tuple(sorted(masked.kinds)))
    name, argument = command[1].lower(), (command[2] or "").strip()
    return Start(argument) if name == _START else Command(name, argument)


def numbers_of(city: City) -> Iterator[str]:
    """Phone numbers of the city and its offices: no secret, so they stay readable in a text."""
    numbers = {city.call_centre, city.desk_phone}
    numbers.update(one.phone for one in city.districts)
    numbers.update(one.phone for one in city.departments)
    numbers.update(one.phone for one in city.authorities)
    yield from sorted(numbers - {""})
