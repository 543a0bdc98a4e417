"""Saving a list to come back to (저장한 보기), each person their own."""

from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from storage.views import remove_view, save_view
from web.staff.asking import FIELDS
from web.staff.pages import Visit, go

_LONGEST_NAME = 40
_LONGEST_QUERY = 1000


async def save(visit: Visit) -> Response:
    """Save the list under a name; one of that name is replaced."""
    name, query = visit.typed("name")[:_LONGEST_NAME], _plain_query(visit.typed("query"))
    if not name or len(query) > _LONGEST_QUERY:
        return go(f"/staff?{query}")
    async with visit.console.database.begin() as connection:
        done = await save_view(connection, visit.staff.id, name, query, visit.now)
    return go(f"/staff?{query}&saved={'done' if done else 'full'}")


async def remove(visit: Visit) -> Response:
    """Forget a saved list."""
    async with visit.console.database.begin() as connection:
        await remove_view(connection, visit.staff.id, visit.number("id"))
    return go("/staff")


def _plain_query(text: str) -> str:
    """Only what a list can be asked for: a saved list leads nowhere else."""
    return urlencode([(name, value) for name, value in parse_qsl(text) if name in FIELDS])
