"""What the web chat shows: replies, and the stream of them."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from handlers.replies import ReplyKind
from tests.web.house import House, button

SENT = "web.chat.sent"
NEWER = "web.chat.newer"


async def hello(house: House, browser: httpx.AsyncClient) -> int:
    await browser.post("/chat/turns", json={"id": "start", "text": "/start"})
    return await house.conversation_of(browser)


async def test_nothing_is_shown_before_anything_was_said(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/chat/replies")).json() == {"replies": [], "last": 0, "more": False}


async def test_a_reply_is_shown_in_words_with_its_buttons(house: House, browser: httpx.AsyncClient) -> None:
    talk = await hello(house, browser)
    rows = [[button("web.chat.again", "~4:again")], [button("web.chat.call", "case:3", "032-120")]]
    await house.show(talk, SENT, choices=rows)
    [reply] = (await browser.get("/chat/replies")).json()["replies"]
    assert reply.pop("at").endswith("Z")
    assert reply == {
        "position": 1,
        "kind": "message",
        "text": "보냄",
        "locale": "ko",
        "choices": [
            [{"label": "다시 보내기", "action": "~4:again", "step": 4}],
            [{"label": "전화", "action": "case:3", "telephone": "032-120"}],
        ],
    }


async def test_only_what_is_behind_the_position_is_shown(house: House, browser: httpx.AsyncClient) -> None:
    talk = await hello(house, browser)
    for template in (SENT, NEWER, SENT):
        await house.show(talk, template)
    found = (await browser.get("/chat/replies", params={"after": 2})).json()
    assert [one["position"] for one in found["replies"]] == [3]
    assert found["last"] == 3
    assert (await browser.get("/chat/replies", params={"after": 3})).json()["last"] == 3


async def test_a_long_conversation_comes_in_parts(house: House, browser: httpx.AsyncClient) -> None:
    talk = await hello(house, browser)
    for _ in range(203):
        await house.show(talk, SENT)
    first = (await browser.get("/chat/replies")).json()
    assert (len(first["replies"]), first["last"], first["more"]) == (200, 200, True)
    rest = (await browser.get("/chat/replies", params={"after": 200})).json()
    assert (len(rest["replies"]), rest["last"], rest["more"]) == (3, 203, False)


async def test_an_edit_names_the_message_it_replaces(house: House, browser: httpx.AsyncClient) -> None:
    talk = await hello(house, browser)
    await house.show(talk, SENT)
    await house.show(talk, NEWER, kind=ReplyKind.EDIT, target="1")
    edit = (await browser.get("/chat/replies")).json()["replies"][1]
    assert (edit["kind"], edit["replaces"], edit["position"]) == ("edit", 1, 2)


async def test_a_silent_acknowledgement_is_not_shown_but_counts(
    house: House, browser: httpx.AsyncClient
) -> None:
    talk = await hello(house, browser)
    await house.show(talk, "", kind=ReplyKind.TOAST)
    assert (await browser.get("/chat/replies")).json() == {"replies": [], "last": 1, "more": False}


async def test_nobody_sees_anothers_conversation(house: House, browser: httpx.AsyncClient) -> None:
    await house.show(await hello(house, browser), SENT)
    async with house.browser() as stranger:
        assert (await stranger.get("/chat/replies")).json()["replies"] == []


@pytest.mark.parametrize("after", ["-1", "x", "1e3", str(2**70), ""])
async def test_a_position_that_is_none_is_refused(browser: httpx.AsyncClient, after: str) -> None:
    assert (await browser.get("/chat/replies", params={"after": after})).status_code == 422


async def test_the_whole_conversation_changes_its_language(house: House, browser: httpx.AsyncClient) -> None:
    talk = await hello(house, browser)
    await house.show(talk, SENT)
    assert (await browser.post("/chat/language", json={"locale": "en"})).status_code == 204
    [reply] = (await browser.get("/chat/replies")).json()["replies"]
    assert (reply["text"], reply["locale"]) == ("Sent", "en")
    assert 'lang="en"' in (await browser.get("/")).text


async def events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    event: dict[str, str] = {}
    async for line in lines:
        if not line:
            if "data" in event:
                yield event
            event = {}
            continue
        name, _, value = line.partition(": ")
        event[name] = value


async def test_the_stream_shows_what_is_there_and_then_each_reply_as_it_comes(
    house: House, browser: httpx.AsyncClient
) -> None:
    talk = await hello(house, browser)
    await house.show(talk, SENT)
    async with asyncio.timeout(10), browser.stream("GET", "/chat/stream") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        found = events(stream.aiter_lines())
        first = await anext(found)
        assert (first["id"], json.loads(first["data"])["text"]) == ("1", "보냄")
        await house.show(talk, NEWER)
        second = await anext(found)
        assert (second["id"], json.loads(second["data"])["text"]) == ("2", "새 답 보기")


async def test_a_stream_that_connects_again_goes_on_behind_the_last_event(
    house: House, browser: httpx.AsyncClient
) -> None:
    talk = await hello(house, browser)
    for template in (SENT, SENT, NEWER):
        await house.show(talk, template)
    headers = {"Last-Event-ID": "2"}
    async with asyncio.timeout(10), browser.stream("GET", "/chat/stream?after=0", headers=headers) as stream:
        assert (await anext(events(stream.aiter_lines())))["id"] == "3"


async def test_a_stream_tells_of_a_silent_acknowledgement_by_its_position_alone(
    house: House, browser: httpx.AsyncClient
) -> None:
    talk = await hello(house, browser)
    await house.show(talk, "", kind=ReplyKind.TOAST)
    async with asyncio.timeout(10), browser.stream("GET", "/chat/stream") as stream:
        assert await anext(events(stream.aiter_lines())) == {"event": "position", "id": "1", "data": "1"}


async def test_streams_end_at_once_when_the_program_stops(house: House, browser: httpx.AsyncClient) -> None:
    await house.show(await hello(house, browser), SENT)
    async with asyncio.timeout(2), browser.stream("GET", "/chat/stream") as stream:
        found = events(stream.aiter_lines())
        await anext(found)
        house.services.stopping.set()
        assert [event async for event in found] == []


async def test_a_conversation_has_room_for_a_few_streams_and_gets_it_back(
    house: House, browser: httpx.AsyncClient
) -> None:
    await hello(house, browser)
    async with asyncio.timeout(20):
        streams = [browser.stream("GET", "/chat/stream") for _ in range(7)]
        answers = [await stream.__aenter__() for stream in streams]
        assert [answer.status_code for answer in answers] == [200] * 6 + [429]
        for stream in streams:
            await stream.__aexit__(None, None, None)
        while True:
            async with browser.stream("GET", "/chat/stream") as again:
                if again.status_code == 200:
                    return
            await asyncio.sleep(0.02)
