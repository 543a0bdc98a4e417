"""What the tests of crashes load before they fork: with it, a process is at work in no time."""

from tests.schedules import killed
from tests.schedules.small_city import STAGES, small_world

WORLDS = [small_world(stage) for stage in range(STAGES)]
TICKING = killed.Ticking
