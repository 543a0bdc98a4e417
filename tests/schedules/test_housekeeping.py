"""Housekeeping by night: what need not be kept goes, what is owed stays, and the copy can be restored."""

import os
import tarfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from cases.vocabulary import Action
from schedules.backup import COPIES_KEPT
from schedules.tick import tick
from storage.attachments import add_attachment
from storage.casebook import history_of
from storage.dump import write_copy
from storage.housekeeping import REDACTED
from storage.tables import AttachmentRow, ConversationRow, InboxRow, OutboxRow, ThrottleRow
from storage.throttle import count_try
from tests.schedules.town import DAY, Person, Town


async def _night(town: Town, moment: str) -> None:
    """A night with the copy and the sweep, which other tests leave out."""
    town.now = town.clock(moment)
    await tick(town.tools, town.now)


async def _photo(town: Town, person: Person, case_id: int | None, at: datetime) -> str:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    kept = await town.tools.files.keep(picture.getvalue())
    async with town.database.begin() as connection:
        await add_attachment(
            connection,
            conversation_id=person.conversation,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            at=at,
            case_id=case_id,
        )
    return kept.name


def _exists(town: Town, name: str) -> bool:
    return (town.tools.data_folder / "files" / name).exists()


async def test_three_years_after_its_end_a_case_holds_nothing_of_the_person_but_still_counts(
    town: Town,
) -> None:
    person = await town.person()
    case = await town.raises(person, "저희 어머니가 넘어지셨어요")
    await town.does(case, Action.ADD, "저는 3층에 살아요", person=person)
    await _photo(town, person, case.id, town.now)
    await town.does(case, Action.ANSWER, "고쳤습니다.")
    await town.until("2029-11-20 09:00")
    assert (await town.case(case)).text == "저희 어머니가 넘어지셨어요"
    await town.until("2029-11-21 09:00")
    kept = await town.case(case)
    assert (kept.title, kept.text, kept.resident_id) == (REDACTED, REDACTED, None)
    assert (kept.state, kept.office, kept.closed_at) == ("done", case.office, town.clock("2026-11-20 10:00"))
    async with town.database.read() as connection:
        words = [event.words for event in await history_of(connection, case.id)]
        photos = await connection.scalar(select(func.count()).select_from(AttachmentRow))
        address = await connection.scalar(
            select(ConversationRow.external_id).where(ConversationRow.id == person.conversation)
        )
        messages = await connection.scalar(select(func.count()).select_from(OutboxRow))
    assert "저는 3층에 살아요" not in words
    assert "고쳤습니다." in words
    assert (photos, messages) == (0, 0)
    assert address is not None
    assert address.startswith("gone:")


async def test_a_person_with_an_open_case_is_never_forgotten(town: Town) -> None:
    person = await town.person()
    case = await town.raises(person)
    for year in (2029, 2030, 2031):
        await town.until(f"{year}-12-01 09:00")
    assert (await town.case(case)).resident_id == person.id
    async with town.database.read() as connection:
        reachable = await connection.scalar(
            select(ConversationRow.reachable).where(ConversationRow.id == person.conversation)
        )
    assert reachable


async def test_old_turns_and_messages_go_but_not_what_was_said_of_an_open_case(town: Town) -> None:
    person = await town.person()
    still_open, closed = await town.raises(person), await town.raises(person)
    for case in (still_open, closed):
        await town.does(case, Action.TAKE)
    await town.does(closed, Action.ANSWER, "고쳤습니다.")
    async with town.database.begin() as connection:
        await connection.execute(
            insert(InboxRow).values(
                channel="telegram",
                external_id="1",
                conversation_id=person.conversation,
                received_at=town.now,
                body={},
                state="done",
            )
        )
        await connection.execute(update(OutboxRow).values(state="sent", sent_at=town.now))
    await town.until("2026-12-19 09:00")
    assert await _count(town, InboxRow) == 1
    await town.until("2026-12-22 09:00")
    assert await _count(town, InboxRow) == 0
    await town.until("2028-01-03 09:00")
    said = [
        message.case_id for message in await town.told(person.conversation, "notice.take", "notice.answer")
    ]
    assert said == [still_open.id]


async def test_who_tried_to_sign_in_from_where_is_forgotten_the_next_day(town: Town) -> None:
    await town.person()
    await town.until("2026-11-23 09:00")
    async with town.database.begin() as connection:
        await count_try(connection, "address:192.0.2.7", span=DAY, now=town.now)
    await town.until("2026-11-23 23:00")
    assert await _count(town, ThrottleRow) == 1
    await town.until("2026-11-25 09:00")
    assert await _count(town, ThrottleRow) == 0


async def _count(town: Town, table: type[InboxRow | ThrottleRow]) -> int:
    async with town.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_a_photo_that_was_put_to_no_case_is_swept_after_a_day(town: Town) -> None:
    person = await town.person()
    case = await town.raises(person)
    now = datetime.now(UTC)
    loose = await _photo(town, person, None, now - 2 * DAY)
    fresh = await _photo(town, person, None, now)
    filed = await _photo(town, person, case.id, now - 2 * DAY)
    folder = town.tools.data_folder / "files"
    for name in (loose, filed):
        old = (now - timedelta(days=2)).timestamp()
        os.utime(folder / name, (old, old))
    await _night(town, "2026-11-21 05:00")
    assert [_exists(town, name) for name in (loose, fresh, filed)] == [False, True, True]


async def test_each_night_a_copy_is_written_that_was_restored_to_see_that_it_can_be(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    await _night(town, "2026-11-21 03:00")
    run = (await town.runs())["backup"]
    assert run.outcome == "done"
    assert run.figures["restored"] is True
    assert run.figures["cases"] == 1
    folder = town.tools.data_folder / "backups"
    assert [file.name for file in folder.iterdir()] == ["sotong-2026-11-21.tar.gz"]
    with tarfile.open(folder / "sotong-2026-11-21.tar.gz") as copy:
        assert "tables/cases.jsonl" in copy.getnames()


async def test_a_copy_that_cannot_be_written_is_tried_again_and_says_so(town: Town, tmp_path: Path) -> None:
    await town.person()
    (tmp_path / "backups").write_text("a file where the folder should be")
    await _night(town, "2026-11-21 03:00")
    run = (await town.runs())["backup"]
    assert run.finished_at is None
    assert run.fault == "no copy: FileExistsError"
    (tmp_path / "backups").unlink()
    await _night(town, "2026-11-21 03:01")
    assert (await town.runs())["backup"].finished_at is None
    await _night(town, "2026-11-21 03:05")
    assert (await town.runs())["backup"].outcome == "done"


async def test_a_copy_is_for_nobody_elses_eyes_and_one_that_failed_leaves_nothing(
    town: Town, tmp_path: Path
) -> None:
    await town.person()
    copy = tmp_path / "copy.tar.gz"
    async with town.database.read() as connection:
        await write_copy(connection, tmp_path / "files", copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    copy.unlink()
    async with town.database.begin() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))
    async with town.database.read() as connection:
        with pytest.raises(DBAPIError):
            await write_copy(connection, tmp_path / "files", copy)
    assert not copy.exists()
    assert not copy.with_suffix(".gz.part").exists()


async def test_what_was_kept_for_somebody_long_gone_goes_with_their_address(town: Town) -> None:
    person = await town.person()
    cases = [await town.raises(person, f"저희 집 앞 {number}") for number in range(2)]
    await town.blocks(person)
    await town.until("2027-01-11 10:00")
    (kept,) = await town.told(person.conversation, "half.account")
    assert (kept.state, kept.case_id) == ("held", None)
    for case in cases:
        await town.does(case, Action.ANSWER, "고쳤습니다.")
    await town.until("2030-02-01 09:00")
    assert await town.told(person.conversation) == []


async def test_of_the_copies_the_newest_are_kept(town: Town, tmp_path: Path) -> None:
    await town.person()
    (tmp_path / "backups").mkdir()
    for day in range(1, COPIES_KEPT + 3):
        (tmp_path / "backups" / f"sotong-2026-10-{day:02}.tar.gz").write_text("old")
    await _night(town, "2026-11-21 03:00")
    names = sorted(file.name for file in (tmp_path / "backups").iterdir())
    assert len(names) == COPIES_KEPT
    assert names[-1] == "sotong-2026-11-21.tar.gz"
