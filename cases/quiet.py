"""Quiet hours (야간 제한): at night a message that does not answer the person waits until morning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(21)
QUIET_UNTIL = time(8)
"""The hours in which 정보통신망법 50조 forbids advertising; here they hold for every notice."""


def release_time(
    now: datetime, zone: ZoneInfo, start: time = QUIET_FROM, end: time = QUIET_UNTIL
) -> datetime:
    """When a message that answers nobody may go out: `now`, or the end of the quiet hours it falls in.

    `start` and `end` are times of day in `zone`; the start is quiet, the end is not; equal ones mean no quiet
    hours. The result is aware, in `zone`. Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError(f"{now.isoformat()} has no time zone; give an aware time")
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = start > end
    quiet = (clock >= start or clock < end) if over_midnight else start <= clock < end
    if not quiet:
        return local
    day = local.date() + timedelta(days=1) if over_midnight and clock >= start else local.date()
    morning = datetime.combine(day, end, zone).replace(fold=local.fold)
    # Through UTC and back: where summer time skips that hour, the first minute that exists is meant.
    return morning.astimezone(UTC).astimezone(zone)
