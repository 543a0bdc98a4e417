"""Before the account (반기 보고 준비): each office gets its open cases that nobody has said a word on."""

from collections.abc import Mapping
from types import MappingProxyType

from cases.numbers import CaseNumber
from cases.vocabulary import INTAKE_DESK, OfficeId
from handlers.notices import post
from handlers.replies import Choice, Lane, Param, Reply, Rows, Said, day, office, said
from schedules.jobs import Batch, Step
from schedules.timetable import account_before, accounts
from storage.outbox import Post, put
from storage.people import groups_of
from storage.rounds import Silent, offices_with_silent, silent_cases

LINES = 8
"""Cases in one message: each has a button, and a phone shows no more."""

PAGES: Mapping[str, int] = MappingProxyType(
    {"half_list": 4, "half_remind_10": 1, "half_remind_3": 1, "half_head": 1}
)
"""How many messages an office gets at each stage; the rest is in the console."""

_CONSOLE = "/staff?silent=1"
_OFFICES_AT_ONCE = 5
_MOST_WITHOUT_GROUP = 30
_LONGEST_TITLE = 40


async def tell_offices(batch: Batch) -> Step:
    """One batch of offices, in order of their ids. Those without a group are told to the intake desk."""
    since = account_before(batch.tools.timetable, batch.run.due_at)
    offices = await offices_with_silent(
        batch.connection, since, after=batch.run.cursor, limit=_OFFICES_AT_ONCE
    )
    counted: dict[str, object] = {"offices": len(offices), "cases": sum(count for _, count in offices)}
    without: dict[str, int] = {}
    for one, count in offices:
        cases = await silent_cases(batch.connection, one, since, limit=LINES * PAGES[batch.run.job])
        posts = await _posts(batch, one, count, cases)
        await put(batch.connection, posts)
        if not posts:
            without[one] = count
    counted["without_group"] = without
    if len(offices) == _OFFICES_AT_ONCE:
        return Step(offices[-1][0], counted, finished=False)
    await _tell_desk(batch, without)
    return Step("", counted)


async def _posts(batch: Batch, one: OfficeId, count: int, cases: list[Silent]) -> list[Post]:
    groups = await groups_of(batch.connection, one)
    pages = [cases[start : start + LINES] for start in range(0, len(cases), LINES)]
    return [
        post(
            _page(batch, one, count, page, more=count - len(cases) if number == len(pages) else 0),
            group,
            Lane.STAFF,
            batch.now,
            key=f"{batch.run.job}:{batch.run.period}:{number}:{group.conversation_id}",
        )
        for group in groups
        for number, page in enumerate(pages, 1)
    ]


def _page(batch: Batch, one: OfficeId, count: int, cases: list[Silent], *, more: int) -> Reply:
    zone = batch.world.zone
    lines: list[str | Said] = [
        said(
            "half_list.line",
            number=_number(case),
            title=case.title[:_LONGEST_TITLE],
            received=day(case.received_at.astimezone(zone).date()),
        )
        for case in cases
    ]
    if more:
        lines.append(said("half_list.more", more=more))
    if batch.tools.public_url:
        # Where many of them are written on at once, whatever message they stand in.
        lines.append(said("half_list.console", link=f"{batch.tools.public_url}{_CONSOLE}"))
    table = batch.tools.timetable
    account = next(
        accounts(table, batch.run.due_at, batch.run.due_at.replace(year=batch.run.due_at.year + 1))
    )
    params: dict[str, Param] = {
        "office": office(one),
        "count": count,
        "account": day(table.day_of(account.due_at)),
        "lines": lines,
        "case_ids": [str(case.case_id) for case in cases],
    }
    return Reply(f"half_list.{batch.run.job.removeprefix('half_')}", params, _buttons(cases))


def _buttons(cases: list[Silent]) -> Rows:
    notes = [Choice("half_list.note", f"note:{case.case_id}", {"number": _number(case)}) for case in cases]
    rows = [tuple(notes[start : start + 2]) for start in range(0, len(notes), 2)]
    several = [(Choice("half_list.several", "notes"),)] if len(cases) > 1 else []
    return (*rows, *several)


def _number(case: Silent) -> str:
    return str(CaseNumber(case.year, case.running))


async def _tell_desk(batch: Batch, newest: Mapping[str, int]) -> None:
    """Nobody reminds an office without a group but the intake desk."""
    before = batch.run.figures.get("without_group")
    without: dict[str, object] = {**(before if isinstance(before, dict) else {}), **newest}
    without.pop(INTAKE_DESK, None)
    if not without:
        return
    lines: list[str | Said] = [
        said("half_list.no_group_line", office=office(one), count=str(count))
        for one, count in sorted(without.items())[:_MOST_WITHOUT_GROUP]
    ]
    reply = Reply("half_list.no_group", {"offices": len(without), "lines": lines})
    key = f"{batch.run.job}:{batch.run.period}:desk"
    await put(
        batch.connection,
        [
            post(reply, group, Lane.STAFF, batch.now, key=f"{key}:{group.conversation_id}")
            for group in await groups_of(batch.connection, INTAKE_DESK)
        ],
    )
