"""What the bot asks about: itself, chats, members, what it has set."""

from collections.abc import Mapping

from tests.doubles.telegram.basics import Json, bad_request
from tests.doubles.telegram.methods import Asked, Handler, accept, setting_key
from tests.doubles.telegram.world import World

PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def get_me(world: World, asked: Asked) -> Json:
    """The bot itself, with all that only getMe tells."""
    return {
        **world.bot.to_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, asked: Asked) -> Json:
    """Telegram's ChatFullInfo."""
    return {
        **asked.here.to_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
        "permissions": dict.fromkeys(PERMISSIONS, True),
    }


def get_chat_member(world: World, asked: Asked) -> Json:
    """One member of a group, or who left it."""
    user_id = getattr(asked.call, "user_id", None)
    chat = asked.here
    if user_id == world.bot.user_id:
        return {"status": "member", "user": world.bot.to_json()}
    user = chat.members.get(user_id) if isinstance(user_id, int) else None
    if user is None:
        raise bad_request("user not found")
    return {"status": "member", "user": user.to_json()}


def get_chat_member_count(world: World, asked: Asked) -> Json:
    """Members and the bot."""
    return len(asked.here.members) + 1


def get_setting(world: World, asked: Asked) -> Json:
    """getMy…: what setMy… left."""
    from aiogram.methods import GetMyCommands

    found = world.settings.get(setting_key(asked.call, "get"))
    given = found if isinstance(found, dict) else {}
    if isinstance(asked.call, GetMyCommands):
        return given.get("commands", [])
    field = SETTING_FIELDS[asked.call.__api_method__]
    return {field: given.get(field, "")}


def delete_commands(world: World, asked: Asked) -> Json:
    """Takes the menu of commands away."""
    world.settings.pop(setting_key(asked.call, "delete"), None)
    return accept(world, asked)


SETTING_FIELDS = {
    "getMyDescription": "description",
    "getMyShortDescription": "short_description",
    "getMyName": "name",
}
ANSWERS: Mapping[str, Handler] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getMyCommands": get_setting,
    "deleteMyCommands": delete_commands,
    **dict.fromkeys(SETTING_FIELDS, get_setting),
}
