"""Cutting text as Telegram counts it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.splitting import cut, parts_of, units

TEXTS = st.text(alphabet="가나 \n😀a", min_size=1, max_size=200)


@given(text=TEXTS, limit=st.integers(5, 60))
def test_no_part_is_too_long_or_blank_and_no_letter_is_lost(text: str, limit: int) -> None:
    parts = parts_of(text, limit)

    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() for part in parts) or not text.strip()


@given(text=TEXTS, limit=st.integers(2, 60))
def test_a_cut_text_fits_and_says_that_more_was_there(text: str, limit: int) -> None:
    shown = cut(text, limit)

    assert units(shown) <= limit
    assert shown == text or shown.endswith("…")
