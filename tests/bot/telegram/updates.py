"""Updates as Telegram sends them, for tests: shaped like recorded ones, with invented people."""

from collections.abc import Mapping

BOT = 123456
Json = dict[str, object]

PRIVATE: Json = {"id": 1001, "first_name": "하늘", "username": "not_to_be_kept", "type": "private"}
GROUP: Json = {"id": -2001, "title": "공원녹지과", "type": "group"}
RESIDENT: Json = {
    "id": 1001,
    "is_bot": False,
    "first_name": "하늘",
    "username": "not_to_be_kept",
    "language_code": "ko",
}
OFFICER: Json = {"id": 7, "is_bot": False, "first_name": "담당", "last_name": "김", "language_code": "en"}
THE_BOT: Json = {"id": BOT, "is_bot": True, "first_name": "소통봇", "username": "sotong_bot"}


def update(kind: str, content: Mapping[str, object], number: int = 900) -> Json:
    """A whole update."""
    return {"update_id": number, kind: dict(content)}


def message(chat: Json = PRIVATE, sender: Json | None = RESIDENT, **parts: object) -> Json:
    """A message in an update."""
    content: Json = {"message_id": 55, "date": 1795140000, "chat": chat, **parts}
    if sender is not None:
        content["from"] = sender
    return update("message", content)


def in_group(**parts: object) -> Json:
    """What an officer sends in a group."""
    return message(GROUP, OFFICER, **parts)


def answered(sender: Json = THE_BOT) -> Json:
    """The message that one in a group is a reply to."""
    return {"message_id": 41, "date": 1795130000, "chat": GROUP, "from": sender, "text": "26-00012"}


def size(file_id: str, side: int, file_size: int) -> Json:
    """One size of a photo."""
    return {
        "file_id": file_id,
        "file_unique_id": f"u-{file_id}",
        "width": side,
        "height": side,
        "file_size": file_size,
    }
