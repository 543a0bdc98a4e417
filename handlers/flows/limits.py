"""Limits of one conversation, so that nobody can drown the others."""

from datetime import timedelta

from handlers.replies import Reply
from handlers.scene import Outcome, Scene, answer

WINDOW = timedelta(minutes=1)
MOST_TURNS = 40
"""Turns a conversation may take in a window; from a phone nobody types that many."""


def slow_down(scene: Scene) -> Outcome | None:
    """One calm word at the first turn too many, silence for the rest of the window, else None."""
    count = scene.talk.burst_count
    if count <= MOST_TURNS:
        return None
    return answer(Reply("limits.slow_down")) if count == MOST_TURNS + 1 else Outcome()
