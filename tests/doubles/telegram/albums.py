"""sendMediaGroup: several photos or files as one album."""

from dataclasses import replace

from tests.doubles.telegram.basics import Json, JsonObject, broken_rule, fresh_id
from tests.doubles.telegram.methods import Asked, with_media, with_words
from tests.doubles.telegram.rules import check_caption
from tests.doubles.telegram.world import World


def send_album(world: World, asked: Asked) -> Json:
    """2 to 10 photos, or 2 to 10 files; a message for each, all with the same `media_group_id`."""
    from aiogram.methods import SendMediaGroup
    from aiogram.types import InputMediaDocument, InputMediaPhoto

    media = asked.of(SendMediaGroup).media
    if not 2 <= len(media) <= 10:
        raise broken_rule(f"wrong number of media in the album: {len(media)}")
    if len({item.type for item in media}) > 1:
        raise broken_rule("the double takes albums of photos alone or of files alone")
    group: JsonObject = {"media_group_id": fresh_id()}
    album: list[Json] = []
    for item in media:
        if not isinstance(item, InputMediaPhoto | InputMediaDocument):
            raise broken_rule(f"the double knows no {item.type} in an album")
        message = replace(world.draft(asked.here, world.bot), extra=group)
        message = with_words(message, check_caption(item), is_caption=True)
        photo, document = (item.media, None) if isinstance(item, InputMediaPhoto) else (None, item.media)
        album.append(world.to_json(world.put(asked.here, with_media(message, world, photo, document))))
    return album
