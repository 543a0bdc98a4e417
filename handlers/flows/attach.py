"""A photo or a place that comes by itself: to the open card, to the case being spoken of, or to a new one."""

from dataclasses import replace
from datetime import timedelta

from cases.vocabulary import Action
from handlers.flows import detail
from handlers.flows.card import compose
from handlers.flows.draft import draft_of
from handlers.flows.stale import stale
from handlers.flows.suggest import begun
from handlers.replies import Reply, place
from handlers.scene import Outcome, Scene, answer
from handlers.turns import Location, Photo
from storage import attachments
from storage.casebook import Case, cases_of
from storage.tables import JsonObject

MOST_PHOTOS = 10
_ONE_ALBUM = timedelta(minutes=5)
_STILL_ABOUT_IT = timedelta(minutes=30)
"""How long after a receipt a photo without words is taken for one of the case just filed."""


async def photo(scene: Scene, body: Photo) -> Outcome:
    """Keep the picture and put it where it belongs."""
    if body.fault is not None or body.file is None:
        return answer(refusal(body))
    await keep(scene, body)
    flow, step = scene.talk.dialogue.flow, scene.talk.dialogue.step
    if flow == "suggest":
        return await _to_draft(scene, body)
    if flow == "detail" and step == "photos" and scene.asked_longer_ago_than(_ONE_ALBUM):
        return await _before_words(scene, body)
    if flow == "detail" and step in ("words", "reply", "photos"):
        action = Action.REPLY if step == "reply" else Action.ADD
        return await detail.add(scene, action, words=body.caption, photos=(body.file,))
    return await _before_words(scene, body)


def refusal(body: Photo) -> Reply:
    """Why a picture could not be taken."""
    return Reply(f"photo.{body.fault or 'unavailable'}")


async def keep(scene: Scene, body: Photo) -> None:
    """Write down that this conversation brought the picture."""
    if body.file is not None:
        await attachments.add_attachment(
            scene.connection,
            conversation_id=scene.talk.id,
            name=body.file,
            media_type=body.media_type,
            size=body.size,
            at=scene.now,
        )


async def _to_draft(scene: Scene, body: Photo) -> Outcome:
    draft = draft_of(scene.data)
    if len(draft.photos) >= MOST_PHOTOS or body.file is None:
        return answer(Reply("photo.enough", {"most": MOST_PHOTOS}))
    text = f"{draft.text}\n{body.caption}" if body.caption else draft.text
    return await compose(scene, replace(draft, text=text, photos=(*draft.photos, body.file)))


async def _before_words(scene: Scene, body: Photo) -> Outcome:
    earlier = scene.data.get("photos")
    names = [name for name in earlier if isinstance(name, str)] if isinstance(earlier, list) else []
    photos: JsonObject = {"photos": [*names, body.file]}
    if body.album is not None and body.album == scene.data.get("album") and not body.caption:
        # The answer to the album's first picture is the answer to the album.
        return Outcome(dialogue=replace(scene.talk.dialogue, data=scene.data | photos))
    photos |= {"album": body.album} if body.album is not None else {}
    if body.caption:
        waiting = scene.begins("attach", "words", _point(scene) | photos)
        kept = replace(scene, talk=replace(scene.talk, dialogue=replace(waiting, token=waiting.token - 1)))
        return await begun(kept, body.caption, scene.world.understanding.read(body.caption))
    case = await _just_filed(scene)
    if case is None:
        waiting = scene.begins("attach", "words", _point(scene) | photos)
        return Outcome((Reply("photo.kept"),), waiting)
    buttons = ((scene.step("photo.to_case", "case", number=str(case.number)),),)
    waiting = scene.begins("attach", "words", _point(scene) | photos | {"case": case.id})
    return Outcome((Reply("photo.kept_or_case", {"number": str(case.number)}, buttons),), waiting)


async def _just_filed(scene: Scene) -> Case | None:
    if scene.talk.resident_id is None:
        return None
    newest = await cases_of(scene.connection, scene.talk.resident_id, limit=1)
    fresh = [case for case in newest if case.state.is_open and scene.now - case.received_at < _STILL_ABOUT_IT]
    return fresh[0] if fresh else None


async def pressed(scene: Scene, _step: str) -> Outcome:
    """The photos belong to the case that was filed just before."""
    photos = scene.data.get("photos")
    if "case" not in scene.data or not isinstance(photos, list):
        return stale(scene)
    return await detail.add(scene, Action.ADD, photos=tuple(str(one) for one in photos))


def _point(scene: Scene) -> JsonObject:
    return {"point": scene.data["point"]} if "point" in scene.data else {}


async def location(scene: Scene, body: Location) -> Outcome:
    """Find the place by its point; it goes to the open card or the case spoken of, or waits for words."""
    point = point_of(scene, body)
    if point is None:
        return answer(Reply("place.point_outside", {"city": scene.world.directory.city_name(scene.locale)}))
    district, name = str(point["district"]), str(point["place"])
    flow, step = scene.talk.dialogue.flow, scene.talk.dialogue.step
    if flow == "suggest":
        draft = draft_of(scene.data).at(district, name)
        return await compose(scene, replace(draft, latitude=body.latitude, longitude=body.longitude))
    if flow == "detail" and step in ("words", "reply"):
        spot = scene.world.directory.place_name(district, name, scene.locale)
        words = f"📍 {spot} ({body.latitude:.5f}, {body.longitude:.5f})"
        return await detail.add(scene, Action.REPLY if step == "reply" else Action.ADD, words=words)
    photos = {"photos": scene.data["photos"]} if "photos" in scene.data else {}
    reply = Reply("place.kept", {"place": place(district, name)})
    return Outcome((reply,), scene.begins("attach", "words", {"point": point} | photos))


def point_of(scene: Scene, body: Location) -> JsonObject | None:
    """A shared point with the place it lies in, or None outside of the city."""
    reading = scene.world.understanding.nearest(body.latitude, body.longitude)
    guess = reading.sure or (reading.guesses[0] if reading.guesses else None)
    if reading.outside or guess is None:
        return None
    return {
        "district": guess.district,
        "place": guess.place,
        "latitude": body.latitude,
        "longitude": body.longitude,
    }
