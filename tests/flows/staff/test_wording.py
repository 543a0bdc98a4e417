"""Every word a group can be told is there, in both languages, and fits where Telegram shows it."""

import pytest

from cases.rules import RULES
from cases.transitions import Actor, CaseFacts, NotAllowed, Reason, decide
from cases.vocabulary import Action, OfficeId, Role, State
from handlers.staff.prompts import PROMPTS
from locales.catalogue import shipped_catalogue, slots

CATALOGUE = shipped_catalogue()
OURS = ("staff.", "action.", "refused.", "telegram.")
IMPOSSIBLE = ("unknown_office", "past_date", "too_late", "words_too_long", "no_case", "outrun")
MOST_TOAST, MOST_DESCRIPTION, MOST_SHORT = 200, 512, 120


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_every_refusal_and_every_action_has_its_words(locale: str) -> None:
    keys = [f"refused.{reason}" for reason in (*Reason, *IMPOSSIBLE)]
    keys += [f"action.{action}" for action in Action]

    assert [key for key in keys if key not in CATALOGUE.keys(locale)] == []
    assert all(len(CATALOGUE.template(key, locale)) <= MOST_TOAST for key in keys)


def test_every_action_on_a_ticket_is_done_at_once_or_asked_for_in_words() -> None:
    officer = Actor(Role.OFFICER, offices=frozenset({OfficeId("parks")}))
    for action in RULES:
        try:
            decide(CaseFacts(State.RECEIVED, OfficeId("parks")), officer, action)
        except NotAllowed as refusal:
            if refusal.reason in (Reason.WORDS_NEEDED, Reason.DATE_NEEDED, Reason.TARGET_NEEDED):
                # A note is written by replying to the card; the console alone merges and knows who to phone.
                assert action in PROMPTS or action in (Action.NOTE, Action.MERGE, Action.PHONED)
        else:
            assert f"staff.done_{action}" in CATALOGUE.keys("ko")


@pytest.mark.parametrize("action", [*PROMPTS, Action.NOTE])
def test_every_prompt_is_followed_by_a_word_that_it_was_done(action: Action) -> None:
    assert f"staff.did_{action}" in CATALOGUE.keys("ko")
    if action in PROMPTS:
        # Who is named at the beginning is the one whose field Telegram opens.
        assert all(CATALOGUE.template(PROMPTS[action], locale).startswith("{who}") for locale in ("ko", "en"))


def test_both_languages_have_the_same_texts_with_the_same_slots() -> None:
    ours = {key for key in CATALOGUE.keys("ko") if key.startswith(OURS)}

    assert ours == {key for key in CATALOGUE.keys("en") if key.startswith(OURS)}
    for key in ours:
        assert slots(CATALOGUE.template(key, "ko")) == slots(CATALOGUE.template(key, "en")), key


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_descriptions_fit_where_telegram_shows_them(locale: str) -> None:
    room = len("{city}") + 40
    assert len(CATALOGUE.template("telegram.description", locale)) <= MOST_DESCRIPTION - room
    assert len(CATALOGUE.template("telegram.short_description", locale)) <= MOST_SHORT - room
