"""Reading forms: text fields only, no more than a page of chosen cases has."""

from starlette.requests import Request

from intents.cleaning import clean

MOST_FIELDS = 80


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form, cleaned; files are refused.

    Raises HTTPException for a broken or too large body.
    """
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: clean(value) for name, value in form.items() if isinstance(value, str)}
