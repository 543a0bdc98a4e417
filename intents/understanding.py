"""Everything a text says, read at once (이해): intent, kind, place, office, title, parts."""

import re
from copy import copy

from intents.boundaries import boundaries_from
from intents.city import City
from intents.data import read as read_data
from intents.data import read_text
from intents.intent import LONGEST_LIKE, IntentRules, intents_from
from intents.kinds import KindRules, kinds_from
from intents.learned import Learned
from intents.likeness import weights_from, without
from intents.mentions import MentionFinder
from intents.nearest import NearestPlace
from intents.normal import Normal, Normaliser
from intents.offices import OfficeReader
from intents.parts import Subject, parts
from intents.place_names import every_spelling
from intents.places import PlaceReader, choose
from intents.reading import Intent, OfficeGuess, PlaceReading, Reading
from intents.routing import Router
from intents.title import title
from intents.unfit import UnfitRules, unfit_from
from intents.whereabouts import Span

LONGEST = 4_000
"""Characters of a text that are read; what follows is kept by others but not understood."""

_MOST_OFFICES = 10
_SHORTEST_TO_PART = 20
_LONGEST_TITLE = 600
"""Characters of a sentence by which it is judged as a title; nobody writes longer ones."""

_CLEAR = 0.6
_CASE_NUMBER = re.compile(r"(?<![\d-])(\d{2})\s?[-－–—]\s?(\d{4,6})(?![\d-])")
_SHORT_NUMBER = re.compile(
    r"(?:관리|접수|민원|사건|건의|case)\s?(?:번호|number|no\.?)?\s?:?\s?(\d{2})-(\d{1,3})(?![\d-])", re.I
)
_NUMBER_FIRST = re.compile(
    r"\W*(\d{2})\s?-\s?(\d{1,6})\s?번?\W*(?:$|(?:건|거|것|은|는|이|을|를)?\s?(?:어떻|어떡|어찌|언제|진행|결과|취소|취하|처리|어디까지|how|status|cancel))",
    re.I,
)
"""A short number that is the whole text, or what is asked about: 26-3 어떻게 됐어요."""


class Understanding:
    """Reads texts for one city. Built once; reading changes nothing and may be done from any thread.

    What was learned from cases makes another of it (`knowing`), which shares everything else.
    """

    __slots__ = (
        "_effects",
        "_intents",
        "_kinds",
        "_nearest",
        "_normalise",
        "_places",
        "_router",
        "_unfit",
        "by_office",
    )

    def __init__(self, city: City) -> None:
        """Builds the indexes of the city's names and terms. Raises ValueError for faulty data files."""
        self._normalise = Normaliser(every_spelling(city))
        names = read_data("places")
        rules = boundaries_from(names)
        routing = read_data("routing")
        self._effects = frozenset(routing.strings("effects"))
        self._router = Router(city, self._normalise, routing, rules.particles)
        self.by_office = OfficeReader(city, self._normalise, self._router)
        finder = MentionFinder(city, self._normalise, names, rules, self._router.words)
        self._places = PlaceReader(finder)
        self._nearest = NearestPlace(city)
        likeness = weights_from(read_text("likeness.json"))
        self._intents: IntentRules = intents_from(read_data("intents"), likeness, self._normalise)
        self._unfit: UnfitRules = unfit_from(read_data("unfit"))
        self._kinds: KindRules = kinds_from(read_data("kinds"))

    def knowing(self, learned: Learned) -> "Understanding":
        """The same understanding with this learned from cases, instead of what this one knows."""
        new = copy(self)
        new.by_office = self.by_office.knowing(learned)
        return new

    def read(self, text: str) -> Reading:
        """Everything understood from a text of any script and length; never raises."""
        whole, text = text, text[:LONGEST]
        normal = self._normalise(text)
        mentions = self._places.mentions(normal)
        spans = [(one.start, one.end) for one in mentions.inside]
        place = choose(mentions, text, normal)
        words = self.by_office.words(normal, spans)
        about = bool(place.guesses) or self._intents.speaks_of_something(words)
        number = case_number(text)
        offices = self.by_office.join(normal, words, _MOST_OFFICES)
        unfit = None if number else self._unfit.read(normal, about_something=about)
        intent = Intent.OTHER if unfit else self._intent(normal, spans, about, number is not None)
        return Reading(
            intent=intent,
            kind=self._kinds.read(normal.dense),
            place=place,
            offices=offices,
            confident=self.by_office.sure(offices),
            title=title(text, self._tells, self._place_words(place)),
            parts=self._parts(whole) if intent is Intent.SUGGEST else (whole,),
            unfit=unfit,
            case_number=number,
        )

    def places(self, text: str) -> PlaceReading:
        """Where a text says it is; for an answer to "where?" as well as for a whole message."""
        text = text[:LONGEST]
        return self._places.read(text, self._normalise(text))

    def nearest(self, latitude: float, longitude: float) -> PlaceReading:
        """The 동 of a shared location in degrees (WGS 84), or `outside` when it is not in the city."""
        return self._nearest.find(latitude, longitude)

    def offices(self, text: str, limit: int = _MOST_OFFICES) -> tuple[OfficeGuess, ...]:
        """The offices that may act on a text, best first, at most `limit`."""
        normal = self._normalise(text[:LONGEST])
        spans = [(one.start, one.end) for one in self._places.mentions(normal).inside]
        return self.by_office.join(normal, self.by_office.words(normal, spans), limit)

    def confident(self, offices: tuple[OfficeGuess, ...]) -> bool:
        """True when the best of these offices may be proposed alone, as the pack demands."""
        return self.by_office.sure(offices)

    def _by_words(self, normal: Normal, limit: int) -> tuple[OfficeGuess, ...]:
        spans = [(one.start, one.end) for one in self._places.mentions(normal).inside]
        return self._router.offices(normal, limit, spans)

    def _intent(self, normal: Normal, places: list[Span], about: bool, has_number: bool) -> Intent:
        bare = ""
        if len(normal.dense) <= LONGEST_LIKE:
            bare = without(normal, places + self._router.spans(normal, self._intents.talk))
        return self._intents.read(normal, bare, about_something=about, has_number=has_number)

    def _tells(self, sentence: str) -> bool:
        normal = self._normalise(sentence[:_LONGEST_TITLE])
        return self._intents.is_problem(normal.dense) or bool(self._router.offices(normal, 1))

    def _place_words(self, place: PlaceReading) -> str:
        return place.sure.text if place.sure and place.sure.place else ""

    def _parts(self, text: str) -> tuple[str, ...]:
        if not _SHORTEST_TO_PART <= len(text) <= LONGEST:
            return (text,)
        return parts(text, self._subject, self._clear_subject)

    def _subject(self, piece: str) -> Subject:
        normal = self._normalise(piece)
        best = self._by_words(normal, 1)
        return (best[0].department,) if best else ()

    def _clear_subject(self, piece: str) -> Subject:
        best = self._by_words(self._normalise(piece), 1)
        if not best or best[0].probability < _CLEAR or self._effects.issuperset(best[0].terms):
            return ()
        return (best[0].department,)


def case_number(text: str) -> str | None:
    """The first management number (관리번호) in a text as 26-00012, or None.

    A number written short (26-3) counts only when it is called one, stands alone, or its state is asked
    for: it may be part of an address.
    """
    found = _CASE_NUMBER.search(text) or _SHORT_NUMBER.search(text) or _NUMBER_FIRST.match(text)
    return f"{found[1]}-{int(found[2]):05d}" if found else None
