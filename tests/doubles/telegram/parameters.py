"""Reads a call's parameters and checks them against the Bot API as `aiogram.methods` describes it.

aiogram takes three seconds to import, so it is imported when the first double starts, not before.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import BaseModel, ValidationError

from tests.doubles.telegram.basics import Json, JsonObject, Upload, broken_rule

if TYPE_CHECKING:
    from aiogram.methods import TelegramMethod

ATTACHED = "attach://"
MAX_REQUEST = 60 * 1024 * 1024
"""Bytes of one request; Telegram takes files up to 50 MB."""


class Shape(Enum):
    """How a parameter is read where it comes as a string."""

    TEXT = "text"
    ADDRESS = "address"  # a number or @name
    FILE = "file"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request carried, before it was checked."""

    values: JsonObject
    uploads: Mapping[str, Upload]


async def read_request(request: web.Request) -> Parameters:
    """Parameters from the query and from a body of JSON, a form or multipart."""
    values: JsonObject = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise broken_rule("can't parse request body as a JSON object")
        values.update(body)
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    return Parameters(values, uploads)


@cache
def known_methods() -> Mapping[str, "type[TelegramMethod[Any]]"]:
    """Every method of the Bot API by its name in small letters."""
    from aiogram import methods

    return {
        method.__api_method__.lower(): method
        for method in (getattr(methods, name) for name in methods.__all__)
        if issubclass(method, methods.TelegramMethod) and method is not methods.TelegramMethod
    }


def check(name: str, given: Parameters) -> "TelegramMethod[Any]":
    """The call as a model; raises `RefusalError` when a parameter is unknown, missing or of a wrong type."""
    kind = known_methods()[name.lower()]
    shapes = _shapes(kind)
    unknown = (set(given.values) | set(given.uploads)) - set(shapes)
    unknown -= _attached(given)
    if unknown:
        raise broken_rule(f"{kind.__api_method__} has no parameter {', '.join(sorted(unknown))}")
    values: dict[str, object] = {
        key: _read(key, value, shapes[key], given.uploads) for key, value in given.values.items()
    }
    for key, upload in given.uploads.items():
        if key in shapes:
            values[key] = _as_input_file(upload)
    try:
        call = kind.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise broken_rule(f"{kind.__api_method__}: {where}: {first['msg']}") from None
    _refuse_unknown_parts(call, kind.__api_method__)
    return call


def _read(key: str, value: Json, shape: Shape, uploads: Mapping[str, Upload]) -> object:
    if not isinstance(value, str) or shape is Shape.TEXT:
        return value
    if shape is Shape.ADDRESS:
        return int(value) if value.lstrip("-").isdecimal() else value
    if shape is Shape.FILE:
        if value.startswith(ATTACHED):
            return _as_input_file(_attachment(value, uploads))
        return value
    try:
        return _with_files(json.loads(value), uploads)
    except ValueError:
        if value in {"True", "False"}:
            return value == "True"
        raise broken_rule(f"can't parse {key} as JSON") from None


def _with_files(value: object, uploads: Mapping[str, Upload]) -> object:
    """Puts file parts where nested parameters refer to them (the `media` of an album)."""
    if isinstance(value, dict):
        return {key: _with_files(part, uploads) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_files(part, uploads) for part in value]
    if isinstance(value, str) and value.startswith(ATTACHED):
        return _as_input_file(_attachment(value, uploads))
    return value


def _attached(given: Parameters) -> set[str]:
    """Names of file parts that some parameter refers to with attach://name; checks that each is there."""
    text = json.dumps(given.values)
    return {name for name in given.uploads if f"{ATTACHED}{name}" in text}


def _attachment(value: str, uploads: Mapping[str, Upload]) -> Upload:
    name = value.removeprefix(ATTACHED)
    if name not in uploads:
        raise broken_rule(f"there is no file part {name!r}")
    return uploads[name]


def _as_input_file(upload: Upload) -> object:
    from aiogram.types import BufferedInputFile

    return BufferedInputFile(upload.content, upload.name)


@cache
def _shapes(kind: "type[TelegramMethod[Any]]") -> Mapping[str, Shape]:
    return {name: _shape(field.annotation) for name, field in kind.model_fields.items()}


def _shape(annotation: object) -> Shape:
    from aiogram.client.default import Default
    from aiogram.types import InputFile

    options = set(_options(annotation)) - {type(None), Default}
    if options == {str}:
        return Shape.TEXT
    if options == {int, str}:
        return Shape.ADDRESS
    if InputFile in options:
        return Shape.FILE
    return Shape.JSON


def _options(annotation: object) -> list[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _options(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return [option for part in get_args(annotation) for option in _options(part)]
    return [annotation]


def _refuse_unknown_parts(model: BaseModel, where: str) -> None:
    if model.model_extra:
        raise broken_rule(f"{where} has no field {', '.join(sorted(model.model_extra))}")
    for name in model.model_fields_set:
        _refuse_unknown_in(getattr(model, name), f"{where}.{name}")


def _refuse_unknown_in(value: object, where: str) -> None:
    if isinstance(value, BaseModel):
        _refuse_unknown_parts(value, where)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            _refuse_unknown_in(item, f"{where}[{place}]")
