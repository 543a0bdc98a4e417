"""The chat's addresses, put together."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from web.chat.door import Door
from web.chat.models import Accepted, RepliesOut
from web.chat.page import Page
from web.chat.photos import Photos
from web.chat.replies import MY_DATA_PATH, Replies
from web.chat.stream import Streams
from web.chat.turns import Turns
from web.problems import STATUS, ProblemOut
from web.services import WebServices

TAG = "chat"

Responses = dict[int | str, dict[str, Any]]
"""FastAPI's type of what a route may answer."""


def chat_router(services: WebServices) -> APIRouter:
    """The page and its API."""
    door = Door(services)
    replies = Replies(services)
    turns, photos = Turns(services, door), Photos(services, door)
    router = APIRouter(tags=[TAG])
    router.add_api_route(
        "/chat/turns",
        turns.post,
        methods=["POST"],
        status_code=202,
        response_model=Accepted,
        summary="Send words, a pressed button or a place",
        responses=_problems("invalid", "too_large", "too_many", "unavailable"),
    )
    router.add_api_route(
        "/chat/replies",
        replies.get,
        methods=["GET"],
        response_model=RepliesOut,
        response_model_exclude_none=True,
        summary="Read replies",
        responses=_problems("invalid", "unavailable"),
    )
    router.add_api_route(
        "/chat/stream",
        Streams(services, replies).get,
        methods=["GET"],
        response_class=StreamingResponse,
        summary="Follow replies as Server-Sent Events",
        responses=_content("text/event-stream") | _problems("invalid", "too_many"),
    )
    _add_files(router, photos)
    _add_page(router, Page(services))
    return router


def _add_files(router: APIRouter, photos: Photos) -> None:
    router.add_api_route(
        "/chat/photos",
        photos.post,
        methods=["POST"],
        status_code=202,
        response_model=Accepted,
        summary="Send a picture",
        responses=_problems("invalid", "picture_too_large", "not_a_picture", "too_many", "no_room"),
    )
    router.add_api_route(
        "/chat/photos/{name}",
        photos.show,
        methods=["GET"],
        summary="See a picture of this conversation",
        responses=_content("image/jpeg") | _problems("not_found"),
    )
    router.add_api_route(
        MY_DATA_PATH,
        photos.my_data,
        methods=["GET"],
        summary="Save everything kept about the person of this conversation",
        responses=_content("application/json") | _problems("not_found"),
    )


def _add_page(router: APIRouter, page: Page) -> None:
    router.add_api_route(
        "/chat/language",
        page.speak,
        methods=["POST"],
        status_code=204,
        summary="Choose the language of the conversation",
        responses=_problems("invalid", "unavailable"),
    )
    router.add_api_route("/", page.show, methods=["GET"], include_in_schema=False)
    router.add_api_route("/m/{code}", page.show_meeting, methods=["GET"], include_in_schema=False)


def _content(media_type: str) -> Responses:
    return {200: {"content": {media_type: {}}}}


def _problems(*codes: str) -> Responses:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    return {
        status: {"model": ProblemOut, "description": "Refused: " + ", ".join(names) + "."}
        for status, names in by_status.items()
    }
