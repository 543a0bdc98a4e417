"""Which office may act (담당 부서), by the pack's words and by what was learned, joined to one opinion."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import replace
from random import Random

from intents.city import City, Level
from intents.features import Looker
from intents.heirs import Heirs
from intents.learned import Example, Learned
from intents.noise import all_three
from intents.normal import Normal, Normaliser
from intents.reading import OfficeGuess
from intents.reasons import Key, Reasons, nearest, telling_words
from intents.routing import Router
from intents.training import Course, Lesson
from intents.whereabouts import Span

_EVERYONE = 10_000
_LONGEST = 4_000
_SEED = 7
_PACK_COST = 0.3
"""What a word of the pack weighs as an example, against a lesson (0.05 to 1 were tried)."""

_MUDDLED_COST = 0.5
"""What a lesson weighs once more with typos, other particles and no spaces: it is learned with them."""

MOST_MUDDLED = 10_000
"""Lessons up to which they are; more of them bring typos enough of their own."""

_LEAST_SURE = 0.5
_LOUD = 0.2
"""The probability by words from which a department is told that a lesson was not for it."""


class OfficeReader:
    """Answers for one city, by what was learned until it was made. Reading changes nothing."""

    __slots__ = ("_city", "_heirs", "_learned", "_levels", "_looker", "_normalise", "_router")

    def __init__(self, city: City, normalise: Normaliser, router: Router) -> None:
        self._city = city
        self._normalise = normalise
        self._router = router
        self._heirs = Heirs(city)
        self._looker = Looker()
        self._learned = Learned()
        self._levels: Mapping[str, Level | None] = {one.id: one.level for one in city.departments} | {
            f"@{one.id}": None for one in city.authorities
        }

    @property
    def learned(self) -> Learned:
        """What is in use; nothing on the first day."""
        return self._learned

    def knowing(self, learned: Learned) -> "OfficeReader":
        """The same reader with this learned; departments that are no more are replaced by their heirs."""
        new = copy(self)
        new._learned = self.adapted(learned)
        return new

    def adapted(self, learned: Learned) -> Learned:
        """What was learned, under the names that departments have today."""
        return learned.for_offices(self._heirs)

    def words(self, normal: Normal, places: Iterable[Span] = ()) -> tuple[OfficeGuess, ...]:
        """Every office that the pack's words speak for, best first."""
        return self._router.offices(normal, _EVERYONE, places)

    def join(self, normal: Normal, words: tuple[OfficeGuess, ...], limit: int) -> tuple[OfficeGuess, ...]:
        """At most `limit` offices by words and lessons together, best first."""
        learned = self._learned
        if not learned.owners:
            return words[:limit]
        by_id = {one.department: one for one in words}
        scores = learned.scores(self._looker.look(normal))
        spoken = {one.department: one.probability for one in words}
        shares = learned.blend.join(scores, spoken, learned.floor)
        best = sorted(shares, key=lambda one: -shares[one])[:limit]
        return tuple(
            replace(by_id[one], probability=shares[one])
            if one in by_id
            else OfficeGuess(one, self._levels[one], shares[one], ())
            for one in best
        )

    def sure(self, offices: tuple[OfficeGuess, ...]) -> bool:
        """True when the best of these may be proposed alone: measured while training, else as demanded."""
        threshold = self._learned.blend.threshold
        needed = self._city.auto_send_precision if threshold is None else max(threshold, _LEAST_SURE)
        return bool(offices) and offices[0].probability >= needed

    def why(self, text: str, department: str) -> Reasons:
        """What in a text speaks for a department (or `@authority`)."""
        normal = self._normalise(text[:_LONGEST])
        words = self.words(normal)
        said = next((one.terms for one in words if one.department == department), ())
        offered = {one.department: one.probability for one in self.join(normal, words, _EVERYONE)}
        telling = telling_words(self._learned, self._looker, normal, department)
        return Reasons(department, offered.get(department, 0.0), said, telling)

    def likest(self, text: str, others: Iterable[tuple[Key, str]], most: int = 3) -> Sequence[Key]:
        """The keys of those texts that are most like this one."""
        normals = ((key, self._normalise(other[:_LONGEST])) for key, other in others)
        return nearest(self._learned, self._looker, self._normalise(text[:_LONGEST]), normals, most)

    def heirs_of(self, department: str) -> tuple[str, ...]:
        """Who answers today for a department of any time."""
        return self._heirs.of(department)

    def example(self, lesson: Lesson) -> Example | None:
        """A lesson as training sees it; None when its department is no more and nobody took it over."""
        normal = self._normalise(lesson.text[:_LONGEST])
        spoken = self._spoken(normal) if self._heirs.split(lesson.department) else {}
        owners = self._heirs.shares(lesson.department, spoken)
        return Example(self._looker.look(normal), owners) if owners else None

    def with_lessons(self, learned: Learned, lessons: Iterable[Lesson]) -> Learned:
        """`learned` and these lessons of the day: work for a thread, which changes nothing that is in use."""
        examples: list[Example] = []
        for lesson in lessons:
            spoken = self._spoken(self._normalise(lesson.text))
            example = self.example(lesson)
            if example is not None:
                wrong = tuple(one for one in spoken if one not in example.owners and spoken[one] >= _LOUD)
                examples.append(replace(example, against=wrong))
        return learned.with_lessons(examples)

    def course(self, lessons: Iterable[Lesson]) -> Course:
        """Everything that training needs, from lessons in the order they were learned."""
        pairs = [(lesson, self.example(lesson)) for lesson in lessons]
        known = [(lesson, example) for lesson, example in pairs if example is not None]
        examples = [example for _, example in known]
        muddled: list[Example] = []
        if len(known) <= MOST_MUDDLED:
            random = Random(_SEED)  # noqa: S311 - the same typos every time, no secret
            for lesson, example in known:
                seen = self._looker.look(self._normalise(all_three(lesson.text[:_LONGEST], random)))
                muddled.append(replace(example, sights=seen, cost=_MUDDLED_COST))
        return Course(
            lessons=[lesson for lesson, _ in known],
            examples=examples,
            muddled=muddled,
            pack=tuple(self._pack({owner for one in examples for owner in one.owners})),
            spoken=lambda text: self._spoken(self._normalise(text)),
            demand=self._city.auto_send_precision,
        )

    def _spoken(self, normal: Normal) -> Mapping[str, float]:
        return {one.department: one.probability for one in self.words(normal)}

    def _pack(self, owners: Set[str]) -> Iterator[Example]:
        said = [(one.id, (one.name, *one.duties, *one.keywords)) for one in self._city.departments]
        said += [(f"@{one.id}", (one.name, *one.keywords)) for one in self._city.authorities]
        for owner, words in said:
            for word in words if owner in owners else ():
                yield Example(self._looker.look(self._normalise(word)), {owner: 1.0}, _PACK_COST)
