"""Where every turn of a staff group comes in (담당부서 대화방)."""

from handlers.replies import Reply
from handlers.scene import Outcome, Scene, answer
from handlers.staff import binding
from handlers.staff.answering import replied
from handlers.staff.cards import toast
from handlers.staff.pressing import pressed
from handlers.turns import Command, Location, Migrated, Photo, Press, Reach, Start, Text, Unsupported

_SET_LANGUAGE = "set:locale:"


async def handle(scene: Scene) -> Outcome:
    """Answer one turn of a group. Being in a bound group is the right to act for its office."""
    match scene.turn.body:
        case Reach(reachable=reachable):
            return await binding.reach_changed(scene, reachable)
        case Migrated(new_id=new_id):
            return await binding.moved(scene, new_id)
        case Start(payload=payload) if payload:
            return await binding.bind(scene, payload)
        case Command(name="bind", argument=code):
            return await binding.bind(scene, code)
        case Command(name="office"):
            return await binding.which_office(scene)
        case Command(name="language"):
            return await binding.languages(scene)
        case Press(choice=choice) if choice.startswith(_SET_LANGUAGE):
            return await binding.speak(scene, choice.removeprefix(_SET_LANGUAGE))
        case Command() | Start():
            return await binding.helped(scene)
    return await _work(scene)


async def _work(scene: Scene) -> Outcome:
    if scene.talk.office is None:
        return answer(toast(scene, "staff.unbound"))
    match scene.turn.body:
        case Press() as press:
            return await pressed(scene, press)
        case Text() as text:
            return await replied(scene, text)
        case Photo() | Location() | Unsupported():
            return answer(Reply("staff.words_only"))
    return Outcome()
