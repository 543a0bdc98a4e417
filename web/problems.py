"""What went wrong, said to a person in both languages and to a program by a code."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from handlers.rendering import Renderer

STATUS: Mapping[str, int] = MappingProxyType(
    {
        "invalid": 422,
        "not_found": 404,
        "not_allowed": 405,
        "other_site": 403,
        "too_large": 413,
        "picture_too_large": 413,
        "not_a_picture": 415,
        "too_many": 429,
        "no_room": 503,
        "unavailable": 503,
        "refused": 400,
    }
)
"""Every problem and its HTTP status. The words stand in the catalogue under `web.error.<code>`."""

RETRY_SECONDS = 2
_RETRIED = frozenset({429, 503})
_CODE_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {404: "not_found", 405: "not_allowed", 413: "too_large", 415: "refused", 422: "invalid"}
)

log = structlog.get_logger(__name__)


class ProblemMessage(BaseModel):
    """The same sentence in Korean and in English."""

    ko: str
    en: str


class ProblemField(BaseModel):
    """A field that was wrong, and how. What was sent in it is not repeated."""

    field: str
    reason: str


class ProblemOut(BaseModel):
    """Why a request was not accepted."""

    code: str = Field(description=f"One of: {', '.join(STATUS)}.")
    message: ProblemMessage = Field(description="For the person, in both languages.")
    fields: list[ProblemField] = Field(default_factory=list)


class Problem(Exception):  # noqa: N818 - an outcome to tell, not a fault
    """A request that is refused; `code` is a key of STATUS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Problems:
    """Turns errors into answers."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def install(self, app: FastAPI) -> None:
        """Answer with these from now on."""
        app.add_exception_handler(Problem, self.refused)
        app.add_exception_handler(RequestValidationError, self.invalid)
        app.add_exception_handler(HTTPException, self.http)
        app.add_exception_handler(SQLAlchemyError, self.unavailable)
        app.add_exception_handler(OSError, self.unavailable)

    async def refused(self, _request: Request, error: Exception) -> JSONResponse:
        """A problem that our own code found."""
        return self.answer(error.code if isinstance(error, Problem) else "refused")

    async def invalid(self, _request: Request, error: Exception) -> JSONResponse:
        """A request that does not fit its model."""
        found = error.errors() if isinstance(error, RequestValidationError) else ()
        fields = [
            ProblemField(field=".".join(str(part) for part in one["loc"][1:]), reason=str(one["msg"]))
            for one in found
        ]
        return self.answer("invalid", fields)

    async def http(self, _request: Request, error: Exception) -> JSONResponse:
        """What the framework refused: no such page, wrong method, unreadable body."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        headers = error.headers if isinstance(error, HTTPException) else None
        response = self.answer(_CODE_OF_STATUS.get(status, "refused"), status=status)
        response.headers.update(headers or {})
        return response

    async def unavailable(self, request: Request, error: Exception) -> JSONResponse:
        """The database or the disk failed: nothing was acknowledged, the sender tries again."""
        # Its text may hold what a person wrote, so only its type is logged.
        log.error("web.unavailable", path=request.url.path, error=type(error).__name__)
        return self.answer("unavailable")

    def answer(
        self, code: str, fields: list[ProblemField] | None = None, status: int | None = None
    ) -> JSONResponse:
        """The JSON answer for a problem's code."""
        key = f"web.error.{code}"
        message = ProblemMessage(ko=self._renderer.text(key, {}, "ko"), en=self._renderer.text(key, {}, "en"))
        body = ProblemOut(code=code, message=message, fields=fields or [])
        answer = JSONResponse(body.model_dump(), status_code=status or STATUS[code])
        if answer.status_code in _RETRIED:
            answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
