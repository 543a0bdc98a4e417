"""Digests: every working morning to groups with something to do, every Friday to residents who want it."""

from datetime import timedelta

from cases.vocabulary import Action
from tests.schedules.town import ROADS, Town, templates


async def test_each_working_morning_a_group_hears_what_is_new_due_and_overdue(town: Town) -> None:
    group = await town.group(ROADS)
    await town.does(await town.raises(await town.person(), "늦은 건의"), Action.TAKE)
    await town.until("2026-12-09 19:00")
    await town.raises(await town.person(), "새 건의")
    await town.until("2026-12-10 08:30")
    digest = (await town.told(group, "digest.staff"))[-1]
    assert "새로 온 것 1건" in digest.text
    assert "담당할 것 1건" in digest.text
    assert "기한 지난 것 1건" in digest.text
    assert "늦은 건의" in digest.text


async def test_no_digest_on_a_day_off_and_none_when_there_is_nothing_to_do(town: Town) -> None:
    group = await town.group(ROADS)
    await town.until("2026-11-23 09:00")
    assert await town.told(group, "digest.staff") == []
    await town.raises(await town.person())
    await town.until("2026-11-28 09:00")
    # Made up for Friday's; Saturday and Sunday have none.
    count = len(await town.told(group, "digest.staff"))
    await town.until("2026-11-29 09:00")
    assert len(await town.told(group, "digest.staff")) == count


async def test_after_a_long_stop_there_is_one_digest_not_twenty(town: Town) -> None:
    group = await town.group(ROADS)
    await town.does(await town.raises(await town.person()), Action.TAKE)
    await town.until("2026-11-23 09:00")
    before = len(await town.told(group, "digest.staff"))
    await town.until("2026-12-23 09:00")
    assert len(await town.told(group, "digest.staff")) == before + 1


async def test_who_wants_fewer_messages_gets_one_on_friday_and_the_end_at_once(town: Town) -> None:
    person, other = await town.person(), await town.person()
    await town.wishes(person, weekly=True)
    case = await town.raises(person)
    await town.supports(other, case)
    town.now += timedelta(hours=1)
    await town.does(case, Action.TAKE)
    await town.does(case, Action.PROGRESS, "업체를 불렀습니다.")
    assert await town.told(person.conversation) == []
    assert templates(await town.told(other.conversation)) == ["notice.take", "notice.progress"]
    await town.until("2026-11-27 10:00")
    (week,) = await town.told(person.conversation)
    assert week.template == "digest.week"
    assert "업체를 불렀습니다." in week.text
    assert "검토를 시작했어요" in week.text
    await town.until("2026-12-04 10:00")
    assert len(await town.told(person.conversation, "digest.week")) == 1
    await town.does(case, Action.ANSWER, "고쳤습니다.")
    assert templates(await town.told(person.conversation))[-1] == "notice.answer"
