"""The report on routing as a person reads it: worst first, departments by name."""

from collections.abc import Iterable, Iterator

from intents.city import City
from intents.evaluate import RoutingResult
from intents.routing_report import RoutingReport

_NOTHING = "(nothing found)"


def lines_of(report: RoutingReport, city: City) -> Iterator[str]:
    """The whole report, line by line."""
    names = {one.id: f"{one.name} ({one.id})" for one in city.departments}
    names |= {f"@{one.id}": f"{one.name} (@{one.id})" for one in city.authorities} | {"": _NOTHING}
    yield f"{report.result.n} texts            top 1  top 3  sent   right of those  macro-F1"
    yield _figures("as written", report.result)
    for noise, result in report.noises.items():
        yield _figures(noise, result)
    yield from _part(
        "Departments, the least found first (texts, found, right when named)",
        (
            f"{one.n:>6}  {one.recall:>6.0%}  {one.precision:>6.0%}  {names.get(name, name)}"
            for name, one in sorted(report.departments.items(), key=lambda item: (item[1].recall, -item[1].n))
        ),
    )
    yield from _part(
        "Taken for another, the dearest first (texts, sent without asking)",
        (
            f"{one.times:>6}  {one.sent:>6}  {names.get(one.right, one.right)}"
            f" -> {names.get(one.given, one.given)}"
            for one in report.confusions
        ),
    )
    yield from _part(
        "Words of the pack that mislead (wrong, right)",
        (
            f"{one.wrong:>6}  {one.right:>6}  {one.term}: {names.get(one.department, one.department)}"
            for one in report.misleading
        ),
    )
    yield from _part(
        "Departments without keywords", (f"  {names.get(one, one)}" for one in report.without_keywords)
    )


def _figures(title: str, result: RoutingResult) -> str:
    return (
        f"  {title:18} {result.top1:>6.1%} {result.top3:>6.1%} {result.covered:>6.1%}"
        f" {result.covered_precision:>10.1%} {result.macro_f1:>14.3f}"
    )


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    yield ""
    yield f"{title}:" if found else f"{title}: none"
    yield from found
