"""Reading forms: text fields, no more than a page of chosen cases has, and one file where a page takes it."""

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.requests import Request

from intents.cleaning import clean

MOST_FIELDS = 80
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form: the name it had, and what is in it."""

    name: str
    data: bytes


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form, cleaned; files are refused.

    Raises HTTPException for a broken or too large body.
    """
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: clean(value) for name, value in form.items() if isinstance(value, str)}


async def read_form_with_file(request: Request) -> tuple[dict[str, str], Upload | None]:
    """The text fields of a form, cleaned, and the one file that came with it, if any.

    Raises HTTPException for a broken or too large body.
    """
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        texts = {name: clean(value) for name, value in form.items() if isinstance(value, str)}
        files = [value for value in form.values() if isinstance(value, UploadFile) and value.size]
        if not files:
            return texts, None
        return texts, Upload(clean(files[0].filename or "")[:_LONGEST_NAME], await files[0].read())
