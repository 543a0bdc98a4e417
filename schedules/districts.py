"""The account by district (군·구별 반기 보고), to the groups of district offices, the council and the desk.

It is the record of the round, told once, in the transaction that ends the round.
"""

from collections.abc import Mapping

from cases.vocabulary import INTAKE_DESK, State
from handlers.notices import post
from handlers.replies import Lane, Param, Reply, Said, place, said, term
from schedules.jobs import Batch
from storage.bindings import BoundGroup, bound_groups
from storage.jobs import Figures
from storage.outbox import Post, put
from storage.people import Listener


async def tell_districts(batch: Batch, figures: Figures) -> int:
    """Tell each bound group what is open in its district; how many were told.

    The intake desk and groups of other authorities (a council, a borough) hear of every district; groups of
    departments of the whole city of none. `figures` are those of the whole round.
    """
    found = figures.get("districts")
    tables = found if isinstance(found, dict) else {}
    districts = {str(name): _counts(counts) for name, counts in tables.items()}
    posts = [
        one
        for group in await bound_groups(batch.connection, None)
        if (reply := _reply(batch, group, districts)) is not None
        for one in [_post(batch, group, reply)]
    ]
    await put(batch.connection, posts)
    return len(posts)


def _counts(counts: object) -> Mapping[str, int]:
    table = counts if isinstance(counts, dict) else {}
    return {str(name): many for name, many in table.items() if isinstance(many, int)}


def _reply(batch: Batch, group: BoundGroup, districts: Mapping[str, Mapping[str, int]]) -> Reply | None:
    directory = batch.world.directory
    if group.office == INTAKE_DESK or directory.is_authority(group.office):
        lines: list[str | Said] = [
            said(
                "half_district.line",
                place=place(name, ""),
                open=counts["open"],
                silent=counts["without_word"],
            )
            for name, counts in sorted(districts.items())
        ]
        return Reply("half_district.all", {"half": batch.run.period, "lines": lines}) if lines else None
    district, _, _ = group.office.rpartition("/")
    counts = districts.get(district) if district else None
    if counts is None:
        return None
    params: dict[str, Param] = {
        "half": batch.run.period,
        "place": place(district, ""),
        "open": counts["open"],
        "states": _states(counts),
        "silent": counts["without_word"],
    }
    return Reply("half_district.one", params)


def _states(counts: Mapping[str, int]) -> list[str | Said]:
    return [
        said("meeting.count", state=term(f"state.{state}"), count=str(counts[state]))
        for state in State
        if counts.get(state)
    ]


def _post(batch: Batch, group: BoundGroup, reply: Reply) -> Post:
    listener = Listener(group.conversation_id, group.channel, None, group.reachable, True, False)
    key = f"half_district:{batch.run.period}:{group.conversation_id}"
    return post(reply, listener, Lane.STAFF, batch.now, key=key)
