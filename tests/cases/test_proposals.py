import pytest

from cases.proposals import FOLLOWING, Outcome, may_follow


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.SECOND_REVIEW})
def test_a_proposal_may_be_decided_each_way_at_first_and_after_a_second_review(outcome: Outcome) -> None:
    assert may_follow(None, outcome)
    assert may_follow(Outcome.SECOND_REVIEW, outcome)


def test_only_a_proposal_that_was_refused_is_reviewed_again() -> None:
    reviewed = {before for before in FOLLOWING if may_follow(before, Outcome.SECOND_REVIEW)}
    assert reviewed == {Outcome.NOT_ADOPTED}


@pytest.mark.parametrize("adoption", [outcome for outcome in Outcome if outcome.is_adopted])
def test_what_the_city_adopted_stays_adopted(adoption: Outcome) -> None:
    assert not any(may_follow(adoption, outcome) for outcome in Outcome)


def test_every_outcome_has_its_row() -> None:
    assert set(FOLLOWING) == {None, *Outcome}
