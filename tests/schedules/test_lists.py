"""Before the account: offices get what nobody said a word on, write on it, and the head hears."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select, update

from bot.posting import posts_of
from cases.vocabulary import Action
from handlers.conversation import converse
from handlers.scene import Scene
from handlers.turns import Author, Body, Press, Text, Turn
from schedules.lists import LINES
from storage.dialogues import Conversation, Dialogue
from storage.outbox import put
from storage.tables import OutboxRow
from tests.schedules.town import DESK, PARKS, ROADS, Message, Town, templates

LIST_DAY = "2026-12-21 09:00"
"""Three weeks before 11 January 2027."""
OFFICER = Author(id="77", name="담당자")


async def _says(town: Town, group: int, body: Body) -> list[Message]:
    """What the group is shown when a member presses or writes."""
    talk = Conversation(
        id=group,
        channel="telegram",
        external_id=str(group),
        is_group=True,
        office=ROADS,
        locale="ko",
        reachable=True,
        resident_id=None,
        consented=False,
        notices=True,
        quiet=True,
        burst_since=None,
        burst_count=0,
        dialogue=Dialogue(),
    )
    before = len(await town.told(group))
    async with town.database.begin() as connection:
        turn = Turn(1, body, town.now, OFFICER)
        outcome = await converse(Scene(connection, town.world, talk, turn, town.now))
        await put(connection, posts_of(talk, turn, outcome, town.now))
    return (await town.told(group))[before:]


async def _arrived(town: Town, group: int, template: str) -> str:
    """Let the newest message of a template arrive; its id in the channel."""
    async with town.database.begin() as connection:
        newest = await connection.execute(
            select(OutboxRow.id)
            .where(OutboxRow.conversation_id == group, OutboxRow.template == template)
            .order_by(OutboxRow.id.desc())
            .limit(1)
        )
        row = newest.scalar_one()
        await connection.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row)
            .values(state="sent", external_id=f"m{row}", sent_at=datetime.now(UTC))
        )
    return f"m{row}"


async def test_the_list_leads_to_the_console_where_many_are_written_on_at_once(town: Town) -> None:
    group = await town.group(ROADS)
    town.tools = replace(town.tools, public_url="https://sotong.example.org")
    await town.does(await town.raises(await town.person()), Action.TAKE)
    await town.until(LIST_DAY)
    (listed,) = await town.told(group, "half_list.list")
    assert "https://sotong.example.org/staff?silent=1" in listed.text


async def test_three_weeks_before_each_office_gets_its_cases_without_a_word(town: Town) -> None:
    roads, parks = await town.group(ROADS), await town.group(PARKS)
    silent = await town.does(await town.raises(await town.person(), "길이 파였어요"), Action.TAKE)
    spoken = await town.does(await town.raises(await town.person(), "말을 들은 건의"), Action.TAKE)
    await town.does(spoken, Action.PROGRESS, "보고 있습니다.")
    await town.until(LIST_DAY)
    (listed,) = await town.told(roads, "half_list.list")
    assert "길이 파였어요" in listed.text
    assert "말을 들은 건의" not in listed.text
    assert "2027년 1월 11일(월)" in listed.text
    assert listed.actions == [f"note:{silent.id}"]
    assert await town.told(parks, "half_list.list") == []


async def test_reminders_come_ten_days_and_three_before_and_then_the_head_hears(town: Town) -> None:
    group = await town.group(ROADS)
    await town.does(await town.raises(await town.person()), Action.TAKE)
    for moment in (LIST_DAY, "2026-12-31 09:00", "2027-01-08 09:00", "2027-01-08 12:00"):
        await town.until(moment)
    stages = [one for one in templates(await town.told(group)) if one.startswith("half_list.")]
    assert sorted(stages) == ["half_list.head", "half_list.list", "half_list.remind_10", "half_list.remind_3"]


async def test_an_office_that_has_written_is_not_reminded(town: Town) -> None:
    group = await town.group(ROADS)
    case = await town.does(await town.raises(await town.person()), Action.TAKE)
    await town.until(LIST_DAY)
    await town.does(case, Action.PROGRESS, "보고 있습니다.")
    await town.until("2026-12-31 09:00")
    assert await town.told(group, "half_list.remind_10") == []


async def test_a_stop_over_the_account_leaves_no_reminder_of_it(town: Town) -> None:
    group = await town.group(ROADS)
    await town.does(await town.raises(await town.person()), Action.TAKE)
    await town.until("2027-01-12 10:00")
    assert not [one for one in templates(await town.told(group)) if one.startswith("half_list.")]


async def test_a_long_list_is_cut_into_messages_and_says_how_many_more_there_are(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    for number in range(LINES * 4 + 3):
        await town.does(await town.raises(person, f"건의 {number}번"), Action.TAKE)
    await town.until(LIST_DAY)
    pages = await town.told(group, "half_list.list")
    assert [page.text.count("▪") for page in pages] == [LINES] * 4
    assert "그 밖에 3건" in pages[-1].text
    assert all(f"아래 {LINES * 4 + 3}건" in page.text for page in pages)


async def test_the_desk_hears_of_offices_that_have_no_group(town: Town) -> None:
    desk = await town.group(DESK)
    await town.does(await town.raises(await town.person(), office=PARKS), Action.TAKE)
    await town.until(LIST_DAY)
    (told,) = await town.told(desk, "half_list.no_group")
    assert f"{town.world.directory.name(PARKS, 'ko')}: 1건" in told.text
    assert (await town.runs())["half_list"].figures["without_group"] == {PARKS: 1}


async def test_a_note_is_written_from_the_list_and_told_to_the_resident(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.until(LIST_DAY)
    listed = await _arrived(town, group, "half_list.list")
    await _says(town, group, Press(f"note:{case.id}", query="q", message=listed))
    asked = await _arrived(town, group, "staff.prompt_progress")
    answer = await _says(town, group, Text("다음 주에 고칩니다.", reply_to=asked))
    assert templates(answer) == ["staff.did_progress"]
    assert "다음 주에 고칩니다." in (await town.told(person.conversation, "notice.progress"))[-1].text


async def test_the_same_words_are_written_on_several_cases_at_once(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    cases = [await town.does(await town.raises(person, f"건의 {one}"), Action.TAKE) for one in range(3)]
    await town.until(LIST_DAY)
    listed = await _arrived(town, group, "half_list.list")
    (_, prompt) = await _says(town, group, Press("notes", query="q", message=listed))
    assert all(str(case.number) in prompt.text for case in cases)
    asked = await _arrived(town, group, "half_list.prompt_several")
    await town.does(cases[0], Action.ANSWER, "그사이 고쳤습니다.")
    (done,) = await _says(town, group, Text("예산을 기다립니다.", reply_to=asked))
    assert "2건" in done.text
    assert str(cases[0].number) in done.text
    told = await town.told(person.conversation, "notice.progress")
    assert len(told) == 2
    assert all("예산을 기다립니다." in one.text for one in told)


async def test_buttons_of_a_list_do_nothing_in_the_group_of_another_office(town: Town) -> None:
    group = await town.group(ROADS)
    case = await town.does(await town.raises(await town.person(), office=PARKS), Action.TAKE)
    (refused,) = await _says(town, group, Press(f"note:{case.id}", query="q", message="m1"))
    assert "다른 부서" in refused.text


async def test_half_a_year_of_satisfaction_is_told_to_each_office(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    for stars in (5, 4, None):
        case = await town.does(await town.raises(person), Action.ANSWER, "고쳤습니다.")
        if stars is not None:
            await town.does(case, Action.RATE, person=person, rating=stars)
    await town.until("2027-01-11 10:00")
    (told,) = await town.told(group, "stars.summary")
    assert "3건 가운데 2건" in told.text
    assert "평균 4.5점" in told.text
