"""A button that is over, or never was (지난 선택)."""

from handlers.replies import Reply, ReplyKind
from handlers.scene import Outcome, Scene, answer
from handlers.turns import Press


def stale(scene: Scene) -> Outcome:
    """An old button was pressed: said so, and nothing else happens."""
    body = scene.turn.body
    query = body.query if isinstance(body, Press) else None
    if query is None:
        return answer(Reply("stale.choice"))
    return answer(Reply("stale.choice", kind=ReplyKind.TOAST, target=query))
