"""What became of departments (조직 개편): lessons of one that is no more are its heirs'."""

from collections.abc import Mapping

from intents.city import City

_UNSPOKEN = 0.1
"""What every heir of a split department gets beside what the words of a text say for it."""


class Heirs:
    """Knows who answers today for a department or `@authority` of any time."""

    __slots__ = ("_heirs", "_known")

    def __init__(self, city: City) -> None:
        self._known = frozenset(
            [one.id for one in city.departments] + [f"@{one.id}" for one in city.authorities]
        )
        heirs: dict[str, list[str]] = {}
        for department in city.departments:
            for old in department.formerly:
                heirs.setdefault(old, []).append(department.id)
        self._heirs = {old: tuple(new) for old, new in heirs.items() if old not in self._known}

    def of(self, department: str) -> tuple[str, ...]:
        """Itself, or who took it over; nobody when it is unknown."""
        return (department,) if department in self._known else self._heirs.get(department, ())

    def split(self, department: str) -> bool:
        """True when several share what one department did."""
        return len(self._heirs.get(department, ())) > 1

    def shares(self, department: str, spoken: Mapping[str, float]) -> Mapping[str, float]:
        """For whom a lesson counts and how much (sums to 1), empty for nobody.

        A split department's lesson counts most for the heir whose words stand in the text: `spoken` has
        the probability of each department by its keywords.
        """
        heirs = self.of(department)
        worth = {one: spoken.get(one, 0.0) + _UNSPOKEN for one in heirs}
        whole = sum(worth.values())
        return {one: value / whole for one, value in worth.items()}
