"""A photo or a place that comes by itself: to the open card, to the case being spoken of, or to a new one."""

from dataclasses import replace

from cases.vocabulary import Action
from handlers.flows import detail
from handlers.flows.card import compose
from handlers.flows.draft import draft_of
from handlers.flows.suggest import begun
from handlers.replies import Reply, place
from handlers.scene import Outcome, Scene, answer
from handlers.turns import Location, Photo
from storage import attachments

MOST_PHOTOS = 10


async def photo(scene: Scene, body: Photo) -> Outcome:
    """Keep the picture and put it where it belongs."""
    if body.fault is not None or body.file is None:
        return answer(Reply(f"photo.{body.fault or 'unavailable'}"))
    await attachments.add_attachment(
        scene.connection,
        conversation_id=scene.talk.id,
        name=body.file,
        media_type=body.media_type,
        size=body.size,
        at=scene.now,
    )
    flow, step = scene.talk.dialogue.flow, scene.talk.dialogue.step
    if flow == "suggest":
        return await _to_draft(scene, body)
    if flow == "detail":
        action = Action.REPLY if step == "reply" else Action.ADD
        return await detail.add(scene, action, words=body.caption, photos=(body.file,))
    return await _before_words(scene, body)


async def _to_draft(scene: Scene, body: Photo) -> Outcome:
    draft = draft_of(scene.data)
    if len(draft.photos) >= MOST_PHOTOS or body.file is None:
        return answer(Reply("photo.enough", {"most": MOST_PHOTOS}))
    text = f"{draft.text}\n{body.caption}" if body.caption else draft.text
    return await compose(scene, replace(draft, text=text, photos=(*draft.photos, body.file)))


async def _before_words(scene: Scene, body: Photo) -> Outcome:
    earlier = scene.data.get("photos")
    names = [name for name in earlier if isinstance(name, str)] if isinstance(earlier, list) else []
    waiting = scene.begins("attach", "words", _point(scene) | {"photos": [*names, body.file]})
    if not body.caption:
        return Outcome((Reply("photo.kept"),), waiting)
    kept = replace(scene, talk=replace(scene.talk, dialogue=replace(waiting, token=waiting.token - 1)))
    return await begun(kept, body.caption, scene.world.understanding.read(body.caption))


def _point(scene: Scene) -> dict[str, object]:
    return {"point": scene.data["point"]} if "point" in scene.data else {}


async def location(scene: Scene, body: Location) -> Outcome:
    """Find the place by its point; it goes to the open card, or waits for words."""
    reading = scene.world.understanding.nearest(body.latitude, body.longitude)
    guess = reading.sure or (reading.guesses[0] if reading.guesses else None)
    if reading.outside or guess is None:
        return answer(Reply("place.point_outside", {"city": scene.world.directory.city_name(scene.locale)}))
    if scene.talk.dialogue.flow == "suggest":
        draft = draft_of(scene.data).at(guess.district, guess.place)
        return await compose(scene, replace(draft, latitude=body.latitude, longitude=body.longitude))
    point = {
        "district": guess.district,
        "place": guess.place,
        "latitude": body.latitude,
        "longitude": body.longitude,
    }
    photos = {"photos": scene.data["photos"]} if "photos" in scene.data else {}
    reply = Reply("place.kept", {"place": place(guess.district, guess.place)})
    return Outcome((reply,), scene.begins("attach", "words", {"point": point} | photos))
