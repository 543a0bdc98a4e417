"""A staff group: members write and press, the bot is added, removed, or moved to a supergroup."""

from dataclasses import replace

from tests.doubles.telegram.basics import JsonObject
from tests.doubles.telegram.people import Writer, membership_change
from tests.doubles.telegram.queue import UpdateQueue
from tests.doubles.telegram.screen import Screen
from tests.doubles.telegram.world import Chat, Message, User, World


class Member(Writer):
    """One person in a group.

    The bot sees what Telegram's privacy mode lets through: commands, replies to its own messages and
    messages that name it; everything when it is an administrator.
    """

    def _bot_sees(self, message: Message) -> bool:
        chat, bot = self.view.chat, self.world.bot
        if chat.refuses is not None or chat.migrated_to is not None:
            return False
        original = chat.messages.get(message.reply_to) if message.reply_to is not None else None
        if chat.bot_is_admin or (original is not None and original.sender == bot):
            return True
        command, _, addressed = message.words.partition(" ")[0].partition("@")
        if command.startswith("/"):
            return addressed in {"", bot.username}
        return f"@{bot.username}" in message.words


class Group:
    """A group chat; `chat_id` is negative."""

    def __init__(self, world: World, queue: UpdateQueue, chat: Chat, patience: float) -> None:
        self.world = world
        self.queue = queue
        self.view = Screen(world, chat, patience)
        self._patience = patience

    @property
    def chat_id(self) -> int:
        """The group's address."""
        return self.view.chat.chat_id

    @property
    def screen(self) -> tuple[Message, ...]:
        """Messages of the bot that are to be seen now, oldest first, as they last looked."""
        return self.view.messages

    @property
    def unheard(self) -> tuple[Message, ...]:
        """What the bot showed and no `hears` has taken yet."""
        return self.view.unheard

    def member(self, user_id: int, name: str = "담당자", language: str = "ko") -> Member:
        """A person in the group; made a member when not yet one."""
        user = self.view.chat.members.setdefault(user_id, User(user_id, name, language))
        return Member(self.world, self.queue, self.view, user)

    async def hears(self, n: int = 1, timeout: float | None = None) -> list[Message]:  # noqa: ASYNC109
        """The next `n` messages of the bot in the group, sent or edited."""
        return await self.view.hears(n, timeout)

    async def hears_text(self, part: str, timeout: float | None = None) -> Message:  # noqa: ASYNC109
        """The next message of the bot in the group that contains `part`; those before it are skipped."""
        return await self.view.hears_text(part, timeout)

    async def adds_bot(self, by: Member) -> None:
        """Somebody adds the bot."""
        self.view.chat.refuses = None
        change = membership_change(self.world, self.view, by.user, "left", "member")
        self.queue.put("my_chat_member", change)

    async def removes_bot(self, by: Member) -> None:
        """Somebody throws the bot out; every send is answered 403 from now on."""
        self.view.chat.refuses = f"Forbidden: bot was kicked from the {self.view.chat.kind} chat"
        change = membership_change(self.world, self.view, by.user, "member", "kicked")
        self.queue.put("my_chat_member", change)

    async def becomes_supergroup(self, new_id: int, by: Member) -> "Group":
        """The group gets a new address; sends to the old one are answered with it."""
        old = self.view.chat
        moved = Chat(new_id, "supergroup", old.title, members=old.members)
        self.world.chats[new_id] = moved
        old.migrated_to = new_id
        self._service(old, by.user, {"migrate_to_chat_id": new_id})
        self._service(moved, by.user, {"migrate_from_chat_id": old.chat_id})
        return Group(self.world, self.queue, moved, self._patience)

    def _service(self, chat: Chat, by: User, parts: JsonObject) -> None:
        message = replace(self.world.draft(chat, by), extra=parts)
        self.world.put(chat, message)
        self.queue.put("message", self.world.to_json(message))
