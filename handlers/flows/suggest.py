"""A suggestion begins (건의 시작): free text at any time becomes a draft."""

from dataclasses import replace

from handlers.flows.card import ask_place, compose
from handlers.flows.draft import Draft, drafted
from handlers.replies import Reply
from handlers.scene import Outcome, Scene, answer
from intents.reading import Reading


async def begun(scene: Scene, text: str, reading: Reading) -> Outcome:
    """Make a draft of the text, with the place and the photos that came before it."""
    draft = drafted(text, reading)
    draft = _with_what_came_before(scene, draft)
    if reading.place.outside and not draft.district:
        return ask_place(scene, draft, "place.outside")
    return await compose(scene, draft)


def _with_what_came_before(scene: Scene, draft: Draft) -> Draft:
    photos = scene.data.get("photos")
    if isinstance(photos, list):
        draft = replace(draft, photos=tuple(photo for photo in photos if isinstance(photo, str))[:10])
    point = scene.data.get("point")
    if isinstance(point, dict):
        if not draft.district:
            draft = draft.at(str(point["district"]), str(point["place"]))
        draft = replace(draft, latitude=point["latitude"], longitude=point["longitude"])
    return draft


async def invited(scene: Scene, _arguments: tuple[str, ...]) -> Outcome:
    """The person pressed "new suggestion": they only have to write."""
    return answer(Reply("suggest.invite"))
