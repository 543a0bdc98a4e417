"""The web application: the chat, what others mount beside it, and the guards around all of it."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import Scope

from web.chat.routes import TAG, chat_router
from web.problems import Problems
from web.security import BodyLimit, SameSite, SecurityHeaders
from web.services import WebServices

_STATIC = Path(__file__).parent / "static"
_DESCRIPTION = """\
Talk with the city from a page or a program of your own. A cookie holds the conversation: keep it.
Send a turn with an id of your own making; a turn that was answered with 202 is stored for good, and sending
it again changes nothing, so on any doubt send it again. Replies are read or followed by position.
"""


def create_app(services: WebServices, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """The application over `services`. `routers` are mounted beside the chat (console, webhook …).

    Documents the chat's API, and only that, at /openapi.json.
    """
    problems = Problems(services.renderer)
    app = FastAPI(
        title="sotong chat",
        version="1",
        description=_DESCRIPTION,
        openapi_tags=[{"name": TAG, "description": "The resident's chat."}],
        docs_url=None,
        redoc_url=None,
        # Traces and logs of validation would carry what people wrote.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        middleware=[
            Middleware(SecurityHeaders, secure=services.secure_cookies),
            Middleware(SameSite, problems=problems),
            Middleware(BodyLimit, problems=problems),
        ],
    )
    problems.install(app)
    app.include_router(chat_router(services))
    app.include_router(_health_router(services))
    for router in routers:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", _Static(directory=_STATIC), name="static")
    return app


def _health_router(services: WebServices) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def health() -> JSONResponse:
        faults = await services.health()
        body = {"status": "failing" if faults else "ok", "faults": faults}
        return JSONResponse(body, 503 if faults else 200, headers={"Cache-Control": "no-store"})

    return router


class _Static(StaticFiles):
    """Files that are asked for again each time, and sent only when they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
