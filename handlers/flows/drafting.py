"""Words that come while a draft is open (쓰는 동안의 말): an answer, more of the same, or something new."""

from dataclasses import replace

from cases.vocabulary import INTAKE_DESK
from handlers.flows.card import ask_place, ask_which_place, compose, whole_city
from handlers.flows.draft import LONGEST_TEXT, Draft, draft_of, drafted, kept
from handlers.flows.parking import laid_aside
from handlers.flows.spoken import dense, number_meant
from handlers.replies import Reply
from handlers.scene import Outcome, Scene, answer
from intents.reading import PlaceGuess, Reading

_NEAR_THE_LIMIT = 3500
"""Telegram cuts a message at 4,096 characters: what follows one this long belongs to it."""
_LONG_ENOUGH_TO_TELL = 12
_LONG_ENOUGH_FOR_AN_OFFICE = 6
"""Letters beyond which an answer to "where?" or "which office?" may be a problem of its own."""
_ASKED = "office"
_SHORTEST_TITLE = 6
"""Letters of a title below which more words make a better one ("쓰레기")."""
_MORE_THAN_A_NAME = 4
"""Letters beside a place's name that say more than which place ("3번 출구 앞")."""


async def place_told(scene: Scene, text: str) -> Outcome:
    """The person typed where it is. What else they wrote of the spot goes into the case's words."""
    draft = draft_of(scene.data)
    picked = number_meant(text, len(draft.places))
    if picked is not None:
        option = draft.places[picked - 1]
        return await compose(scene, draft.at(option.district, option.place))
    reading = scene.world.understanding.read(text)
    if _is_something_else(draft, reading, text):
        return _ask_more(scene, draft, text)
    place = reading.place
    if place.sure is not None:
        return await compose(
            scene, _with_spot(draft, text, place.sure).at(place.sure.district, place.sure.place)
        )
    if place.guesses:
        options = drafted(text, reading).places
        return ask_which_place(scene, replace(_with_spot(draft, text), places=options, district="", place=""))
    if place.outside:
        return ask_place(scene, draft, "place.outside")
    if any(word in text for word in scene.say("place.whole_city_words").split()):
        return await compose(scene, whole_city(scene, draft))
    spot = draft if reading.unfit else _with_spot(draft, text)
    return ask_place(scene, spot, "place.not_found")


async def office_told(scene: Scene, text: str) -> Outcome:
    """Words where an office was to be picked: its number or name, the place, or more of the matter."""
    draft = draft_of(scene.data)
    picked = number_meant(text, len(draft.offices) + 1)
    department = _department_named(scene, draft, text)
    if picked is not None:
        department = (*draft.offices, INTAKE_DESK)[picked - 1]
    if department is not None:
        return await compose(scene, replace(draft, department=department, routed_by="resident"))
    reading = scene.world.understanding.read(text)
    if _is_of_another_office(draft, reading, text):
        return _ask_more(scene, draft, text)
    grown = longer(scene, draft, text)
    if _ASKED in draft.settled and not grown.department and grown.offices:
        # Asked twice is enough: the likeliest goes on the card, where it can still be changed.
        grown = replace(grown, department=grown.offices[0])
    return await compose(scene, grown.answered(_ASKED))


def _department_named(scene: Scene, draft: Draft, text: str) -> str | None:
    directory, said = scene.world.directory, dense(text)
    for one in (*draft.offices, *(known.id for known in directory.city.departments)):
        name = dense(directory.department_name(one, scene.locale))
        if name and name in said and len(said) <= len(name) + 2 * _MORE_THAN_A_NAME:
            return one
    return None


async def words_told(scene: Scene, text: str) -> Outcome:
    """The person wrote the words anew; what they had chosen by hand stays."""
    return await compose(scene, _reworded(scene, draft_of(scene.data), text))


async def edited(scene: Scene, text: str) -> Outcome:
    """A message was changed afterwards: the open card follows, anything later is left as it is."""
    if scene.talk.dialogue.flow != "suggest":
        return answer(Reply("edited.too_late"))
    return await compose(scene, _reworded(scene, draft_of(scene.data), text))


async def more_told(scene: Scene, text: str) -> Outcome:
    """More words came while the card was open: a continuation, or something new? Asked when unclear."""
    draft = draft_of(scene.data)
    if len(draft.text) % LONGEST_TEXT >= _NEAR_THE_LIMIT or _is_undecided(draft):
        return await compose(scene, longer(scene, draft, text))
    reading = scene.world.understanding.read(text)
    sure = reading.place.sure
    short = len(dense(text)) <= _LONG_ENOUGH_TO_TELL
    if sure is not None and short and not reading.offices and not draft.parts:
        # Only a place: the one on the card was wrong or missing.
        return await compose(scene, _with_spot(draft, text, sure).at(sure.district, sure.place))
    return _ask_more(scene, draft, text)


async def still_more_told(scene: Scene, text: str) -> Outcome:
    """Yet more words instead of a button: the last ones go where they fit best, and these are heard next."""
    settled = await more_settled(scene)
    if settled.dialogue is None:
        return settled
    before = replace(settled.dialogue, token=scene.talk.dialogue.token)
    return await more_told(replace(scene, talk=replace(scene.talk, dialogue=before)), text)


async def more_settled(scene: Scene, choice: str = "") -> Outcome:
    """What becomes of the words that were asked about: "append", "new", or what they look like."""
    draft, more = draft_of(scene.data), str(scene.data.get("more", ""))
    reading = scene.world.understanding.read(more)
    if not choice:
        choice = "new" if _is_of_another_office(draft, reading, more) else "append"
    if choice == "append":
        return await compose(scene, longer(scene, draft, more))
    outcome = await compose(scene, drafted(more, reading))
    if outcome.dialogue is None:
        return outcome
    return replace(outcome, dialogue=laid_aside(outcome.dialogue, scene.data["draft"]))


def _ask_more(scene: Scene, draft: Draft, text: str) -> Outcome:
    buttons = ((scene.step("more.append", "more:append"),), (scene.step("more.new", "more:new"),))
    reply = Reply("more.ask", {"title": draft.title}, buttons)
    return Outcome((reply,), scene.begins("suggest", "more", kept(draft) | {"more": text}))


def _is_something_else(draft: Draft, reading: Reading, text: str) -> bool:
    long_enough = len(dense(text)) > _LONG_ENOUGH_TO_TELL
    return len(reading.parts) > 1 or (
        long_enough and reading.confident and reading.offices[0].department not in draft.offices
    )


def _is_of_another_office(draft: Draft, reading: Reading, text: str) -> bool:
    long_enough = len(dense(text)) > _LONG_ENOUGH_FOR_AN_OFFICE
    known = {guess.department for guess in reading.offices[:1]}
    return len(reading.parts) > 1 or (long_enough and bool(known - set(draft.offices)))


def _is_undecided(draft: Draft) -> bool:
    # Nothing in the words spoke for an office, so what comes next most likely says what they were about.
    return draft.department in ("", INTAKE_DESK) and draft.routed_by == "bot"


def longer(scene: Scene, draft: Draft, more: str) -> Draft:
    """The draft with more words. They are read as well where something was still open."""
    joined = f"{draft.text}\n{more}"[:LONGEST_TEXT]
    if draft.parts or _is_undecided(draft):
        return _reworded(scene, draft, joined)
    grown = replace(draft, text=joined)
    if len(dense(draft.title)) < _SHORTEST_TITLE:
        grown = replace(grown, title=scene.world.understanding.read(joined).title)
    sure = None if draft.district else scene.world.understanding.places(more).sure
    return grown if sure is None else grown.at(sure.district, sure.place)


def _reworded(scene: Scene, draft: Draft, text: str) -> Draft:
    anew = drafted(text, scene.world.understanding.read(text))
    if not anew.district and not anew.places:
        anew = anew.at(draft.district, draft.place)
    if draft.routed_by == "resident":
        anew = replace(anew, department=draft.department, offices=draft.offices, routed_by="resident")
    if "parts" in draft.settled:
        anew = replace(anew, parts=())
    return replace(
        anew,
        latitude=draft.latitude,
        longitude=draft.longitude,
        photos=draft.photos,
        public=draft.public,
        rest=draft.rest,
        settled=draft.settled,
    )


def _with_spot(draft: Draft, text: str, named: PlaceGuess | None = None) -> Draft:
    beside = text if named is None else text.replace(named.text, "", 1)
    if len(dense(beside)) <= _MORE_THAN_A_NAME or text in draft.text:
        return draft
    return replace(draft, text=f"{draft.text}\n{text}"[:LONGEST_TEXT])
