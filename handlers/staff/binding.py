"""Binding a group to an office (부서 대화방 연결), and what the group itself goes through."""

from datetime import timedelta

from cases.vocabulary import OfficeId
from handlers.replies import Choice, Reply, office
from handlers.scene import Outcome, Scene, answer
from storage.addresses import readdress
from storage.audit import Entry, note
from storage.bindings import use_code
from storage.outbox import hold_back, let_go
from storage.people import set_conversation
from storage.throttle import count_try, forget_tries

MOST_TRIES = 5
TRIES_SPAN = timedelta(minutes=15)
_LANGUAGES = ("ko", "en")


async def bind(scene: Scene, code: str) -> Outcome:
    """Bind the group with a one-time code from the console; tries are counted first."""
    if not code:
        return answer(Reply("staff.bind_how"))
    keys = _throttle_keys(scene)
    tries = [await count_try(scene.connection, key, span=TRIES_SPAN, now=scene.now) for key in keys]
    if max(tries) > MOST_TRIES:
        return Outcome((Reply("staff.bind_wait"),), notes=("bind_throttled",))
    bound = await use_code(scene.connection, code, scene.now)
    if bound is None or not scene.world.directory.exists(bound):
        return Outcome((Reply("staff.bind_wrong"),), notes=("bind_refused",))
    for key in keys:
        await forget_tries(scene.connection, key)
    await set_conversation(scene.connection, scene.talk.id, {"office": bound})
    done = Entry(
        action="group.bound", subject=str(scene.talk.id), who=_member(scene), facts={"office": bound}
    )
    await note(scene.connection, scene.world.sealer, done, scene.now)
    return Outcome((Reply("staff.bound", {"office": office(bound)}),), notes=("bound",))


def _member(scene: Scene) -> str:
    return scene.turn.author.name if scene.turn.author else ""


def _throttle_keys(scene: Scene) -> list[str]:
    keys = [f"bind:{scene.talk.id}"]
    if scene.turn.author is not None:
        keys.append(f"bind:{scene.talk.channel}:{scene.turn.author.id}")
    return keys


async def which_office(scene: Scene) -> Outcome:
    """Say which office the group is of."""
    if scene.talk.office is None:
        return unbound()
    return answer(Reply("staff.office", {"office": office(OfficeId(scene.talk.office))}))


async def helped(scene: Scene) -> Outcome:
    """Say in a few lines how the group works."""
    if scene.talk.office is None:
        return unbound()
    return answer(Reply("staff.help", {"office": office(OfficeId(scene.talk.office))}))


async def languages(scene: Scene) -> Outcome:
    """Ask in which language the group is written to."""
    row = tuple(Choice(f"language.{locale}", f"set:locale:{locale}") for locale in _LANGUAGES)
    return answer(Reply("language.ask", {}, (row,)))


async def speak(scene: Scene, locale: str) -> Outcome:
    """Write to the group in another language from now on."""
    if locale not in _LANGUAGES:
        return answer(Reply("staff.stale"))
    await set_conversation(scene.connection, scene.talk.id, {"locale": locale})
    return Outcome((Reply("language.done"),))


def unbound() -> Outcome:
    """The group is nobody's yet: one line that says how to bind it."""
    return answer(Reply("staff.unbound"))


async def reach_changed(scene: Scene, reachable: bool) -> Outcome:
    """The bot was put out of the group, or let in: what waits is held, or goes out."""
    await set_conversation(scene.connection, scene.talk.id, {"reachable": reachable})
    if not reachable:
        await hold_back(scene.connection, scene.talk.id)
        return Outcome(notes=("group_lost",))
    await let_go(scene.connection, scene.talk.id)
    return unbound() if scene.talk.office is None else Outcome()


async def moved(scene: Scene, new_address: str) -> Outcome:
    """The group became a supergroup: everything goes to its new address."""
    await readdress(scene.connection, scene.talk.id, new_address)
    return Outcome()
