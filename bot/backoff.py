"""How long to wait before trying again: longer each time, never all at once."""

import random
from datetime import timedelta

_FIRST = 1.0
_LONGEST = 600.0


def delay(attempts: int, draw: random.Random) -> timedelta:
    """The wait after `attempts` failures (1 or more): doubling from a second to ten minutes, with jitter."""
    longest = min(_FIRST * 2 ** (min(attempts, 20) - 1), _LONGEST)
    return timedelta(seconds=longest * draw.uniform(0.5, 1))


def pause(failures: int, draw: random.Random) -> float:
    """Seconds to wait for a database that was away `failures` times in a row: never long, it may be back."""
    longest: float = min(0.1 * 2 ** (min(failures, 20) - 1), 3.0)
    return longest * draw.uniform(0.5, 1)
