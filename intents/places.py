"""Where a text says it is (장소): the mentions weighed against each other."""

from collections.abc import Iterable, Sequence

from intents.mentions import Mention, MentionFinder, Mentions, place_of
from intents.normal import Normal
from intents.place_names import Rank
from intents.reading import PlaceGuess, PlaceReading

_MOST = 5
_MOST_MENTIONS = 30


class PlaceReader:
    """Reads the place out of a text in normal form."""

    __slots__ = ("_finder",)

    def __init__(self, finder: MentionFinder) -> None:
        """Takes the finder of the city's names."""
        self._finder = finder

    def read(self, original: str, normal: Normal) -> PlaceReading:
        """The places the text may mean; several only where the resident must be asked."""
        return choose(self._finder.find(normal), original, normal)

    def mentions(self, normal: Normal) -> Mentions:
        """What a text names, for `choose`."""
        return self._finder.find(normal)


def choose(mentions: Mentions, original: str, normal: Normal) -> PlaceReading:
    """The reading that fits all mentions best.

    Where somebody lives counts only if nothing else is named. A 동 (or 읍, 면, 리) goes before a
    landmark, a landmark before a nickname, all before a district. A named district decides between
    places of one name; a place that lies in none of the named districts is asked about.
    """
    found = _once([one for one in mentions.inside if not one.at_home] or mentions.inside)
    if not found:
        return PlaceReading(outside=mentions.outside)
    districts = [one for one in found if one.named.rank is Rank.DISTRICT]
    places = [one for one in found if one.named.rank is not Rank.DISTRICT]
    if not places:
        return PlaceReading(_guesses(_narrowed_districts(districts), original, normal))
    named = _union(districts)
    best = min(one.named.rank for one in places)
    leading = [one for one in places if one.named.rank is best]
    others = [one for one in places if one.named.rank is not best]
    options = [_narrowed(one, named, others, leading) for one in leading]
    chosen = _one_a_district(options)
    chosen += [
        (one, district)
        for one in (*others, *districts)
        if _contradicts(one, chosen)
        for district in one.named.districts
    ]
    return PlaceReading(_guesses(chosen, original, normal))


def _once(mentions: Iterable[Mention]) -> list[Mention]:
    first: dict[tuple[str, tuple[str, ...]], Mention] = {}
    for one in mentions:
        first.setdefault((one.named.place, one.named.districts), one)
    return list(first.values())[:_MOST_MENTIONS]


def _narrowed(
    mention: Mention, named: Sequence[str], others: Iterable[Mention], peers: Iterable[Mention]
) -> list[tuple[Mention, str]]:
    left = mention.named.districts
    hints = (named, *(one.named.districts for one in others), *(one.named.districts for one in peers))
    for hint in hints:
        if len(left) == 1:
            break
        left = tuple(one for one in left if one in hint) or left
    return [(mention, one) for one in left]


def _one_a_district(options: Iterable[list[tuple[Mention, str]]]) -> list[tuple[Mention, str]]:
    chosen: list[tuple[Mention, str]] = []
    seen: set[str] = set()
    for option in options:
        if seen & {district for _, district in option}:
            continue
        seen |= {district for _, district in option}
        chosen += option
    return chosen


def _contradicts(mention: Mention, chosen: Iterable[tuple[Mention, str]]) -> bool:
    return not set(mention.named.districts) & {district for _, district in chosen}


def _union(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(district for one in mentions for district in one.named.districts))


def _narrowed_districts(mentions: Sequence[Mention]) -> list[tuple[Mention, str]]:
    common = [one for one in mentions[0].named.districts if all(one in m.named.districts for m in mentions)]
    if common:
        return [(mentions[0], one) for one in common]
    return [(one, district) for one in mentions for district in one.named.districts]


def _guesses(chosen: Iterable[tuple[Mention, str]], original: str, normal: Normal) -> tuple[PlaceGuess, ...]:
    guesses: dict[tuple[str, str], PlaceGuess] = {}
    for mention, district in chosen:
        start, end = normal.span(mention.start, mention.end)
        place = place_of(mention)
        guesses.setdefault((district, place), PlaceGuess(district, place, start, end, original[start:end]))
    return tuple(guesses.values())[:_MOST]
