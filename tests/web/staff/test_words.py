"""Every text of the console whose key is put together from a value is there, in both languages."""

from collections.abc import Iterator

import pytest

from cases.transitions import Reason
from cases.vocabulary import Action
from locales.catalogue import shipped_catalogue
from storage.narrowing import Order, Talk
from web.staff.accounts import STAFF_ROLES
from web.staff.actions import FORMS, Words
from web.staff.card import Reach


def composed() -> Iterator[str]:
    """Keys below `staff_web.` that no template names whole."""
    for form in FORMS:
        name = form.action.value
        yield from (f"act.{name}.button", f"act.{name}.hint", f"done.{name}")
        if form.words is not Words.NONE:
            yield from (f"act.{name}.title", f"words.{name}")
    yield from (f"history.{action.value}" for action in Action)
    yield from (f"fault.{reason.value}" for reason in Reason)
    # What `handlers.casework` calls impossible.
    yield from (f"fault.{reason}" for reason in ("unknown_office", "past_date", "too_late", "words_too_long"))
    yield from (f"role.{role.value}" for role in STAFF_ROLES)
    yield from (f"reach.{reach.value}" for reach in Reach)
    yield from (f"list.talk_{talk.value}" for talk in Talk)
    yield from (f"list.order_{order.value}" for order in Order)


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_every_action_reason_and_role_has_its_words(locale: str) -> None:
    there = shipped_catalogue().keys(locale)
    assert [key for key in composed() if f"staff_web.{key}" not in there] == []
