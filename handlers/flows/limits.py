"""Limits of one conversation, so that nobody can drown the others."""

from datetime import timedelta

from handlers.replies import Reply
from handlers.scene import Outcome, Scene, answer

WINDOW = timedelta(minutes=1)
"""What `World.turns_per_minute` is counted over."""


def slow_down(scene: Scene) -> Outcome | None:
    """One calm word at the first turn too many, silence for the rest of the window, else None."""
    over = scene.talk.burst_count - scene.world.turns_per_minute
    if over <= 0:
        return None
    return answer(Reply("limits.slow_down")) if over == 1 else Outcome()
