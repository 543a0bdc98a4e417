"""All jobs of the calendar (작업 표), one row each: what runs when."""

from datetime import time

from schedules.account import tell_residents
from schedules.backup import back_up
from schedules.digests import tell_offices_day, tell_residents_week
from schedules.housekeeping import prune, retain, sweep
from schedules.jobs import Job
from schedules.learning import learn
from schedules.lists import tell_offices
from schedules.meetings import tell_meetings
from schedules.satisfaction import tell_satisfaction
from schedules.timetable import (
    HEAD_WORKING_DAYS,
    LIST_DAYS,
    REMINDER_DAYS,
    accounts,
    before_accounts,
    fridays,
    nights,
    working_mornings,
)

JOBS: tuple[Job, ...] = (
    Job(name="half_list", when=before_accounts(days=LIST_DAYS), work=tell_offices),
    *(
        Job(name=f"half_remind_{days}", when=before_accounts(days=days), work=tell_offices)
        for days in REMINDER_DAYS
    ),
    Job(
        name="half_head",
        when=before_accounts(working_days=HEAD_WORKING_DAYS),
        work=tell_offices,
    ),
    Job(name="half_account", when=accounts, work=tell_residents, makes_up=True),
    Job(name="half_meetings", when=accounts, work=tell_meetings, makes_up=True),
    Job(name="half_satisfaction", when=accounts, work=tell_satisfaction, makes_up=True),
    Job(name="digest_staff", when=working_mornings(time(8, 30)), work=tell_offices_day),
    Job(name="digest_week", when=fridays(time(10)), work=tell_residents_week),
    Job(name="backup", when=nights(time(3)), labour=back_up),
    Job(name="retain", when=nights(time(3, 30)), work=retain),
    Job(name="prune", when=nights(time(4)), work=prune),
    Job(name="sweep", when=nights(time(4, 30)), labour=sweep),
    Job(name="learn", when=nights(time(5)), labour=learn),
)
