"""When the city is reorganised (조직 개편): what stood under the id of an office that is gone is its heir's.

A pack says it by `formerly`. The office is the same under another name, so the case does not move: nobody is
told, and its history keeps the ids of its time, whose names the directory still knows.
"""

from collections import defaultdict

from cases.vocabulary import INTAKE_DESK, OfficeId
from cities.directory import Directory
from schedules.jobs import Tools
from storage.heirs import bequeath, orphans, rebind, still_bound

_AT_ONCE = 200


async def follow_heirs(tools: Tools) -> None:
    """Give cases, groups and staff of vanished offices to their heirs, a few cases a transaction."""
    directory = tools.world.directory
    gone = _vanished_offices(directory)
    if not gone:
        return
    async with tools.database.read() as connection:
        bound = await still_bound(connection, gone)
        left = bool(await orphans(connection, gone, limit=1))
    for office in bound:
        heir = directory.heir(office, "")
        # A department of the city that became one of each district has no single heir: staff bind anew.
        if heir is not None and heir != INTAKE_DESK:
            async with tools.database.begin() as connection:
                await rebind(connection, office, heir)
    while left:
        async with tools.database.begin() as connection:
            found = await orphans(connection, gone, limit=_AT_ONCE)
            inherited: dict[OfficeId, list[int]] = defaultdict(list)
            for one in found:
                inherited[directory.heir(one.office, one.district) or INTAKE_DESK].append(one.id)
            for heir, cases in inherited.items():
                await bequeath(connection, cases, heir)
        left = bool(found)


def _vanished_offices(directory: Directory) -> list[str]:
    owners = ("", *(f"{district.id}/" for district in directory.city.districts))
    return [f"{owner}{department}" for department in directory.vanished for owner in owners]
