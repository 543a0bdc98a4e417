"""How long to wait before trying again: longer each time, never all at once."""

import random
from datetime import timedelta

_FIRST = 1.0
_LONGEST = 600.0


def delay(attempts: int, draw: random.Random) -> timedelta:
    """The wait after `attempts` failures (1 or more): doubling from a second to ten minutes, with jitter."""
    longest = min(_FIRST * 2 ** (min(attempts, 20) - 1), _LONGEST)
    return timedelta(seconds=longest * draw.uniform(0.5, 1))
