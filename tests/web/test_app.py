"""What holds for every answer of the web: headers, documentation, health."""

import httpx
import pytest

from tests.web.house import House


@pytest.mark.parametrize(
    "path", ["/", "/chat/replies", "/static/chat.css", "/nowhere", "/healthz", "/openapi.json", "/m/a b"]
)
async def test_every_answer_carries_the_guarding_headers(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert headers["referrer-policy"] == "same-origin"


async def test_the_documentation_describes_the_chat_and_nothing_else(browser: httpx.AsyncClient) -> None:
    described = (await browser.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/chat/turns",
        "/chat/replies",
        "/chat/stream",
        "/chat/photos",
        "/chat/photos/{name}",
        "/chat/my-data",
        "/chat/language",
    }
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["description"]
    assert (await browser.get("/docs")).status_code == 404


async def test_health_names_what_stands_still(house: House, browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/healthz")).json() == {"status": "ok", "faults": []}
    house.faults.append("dispatcher")
    answer = await browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["faults"] == ["dispatcher"]


async def test_the_page_speaks_korean_unless_the_browser_prefers_english(house: House) -> None:
    wanted = {"": "ko", "ko-KR,ko;q=0.9,en;q=0.8": "ko", "en-US,en": "en", "fr,en;q=0.5": "en", "fr": "ko"}
    for accepted, locale in wanted.items():
        async with house.browser(**{"Accept-Language": accepted}) as browser:
            assert f'<html lang="{locale}">' in (await browser.get("/")).text


async def test_a_language_chosen_before_the_first_word_is_kept(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/chat/language", json={"locale": "en"})).status_code == 204
    assert '<html lang="en">' in (await browser.get("/")).text


async def test_a_meetings_link_opens_the_chat_with_its_code(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/m/SONGDO-2026_1")
    assert 'data-start="m-SONGDO-2026_1"' in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("code", ["a" * 63, "a.b", "%22%3E%3Cscript%3E", "한글"])
async def test_a_link_with_a_code_that_cannot_be_one_opens_nothing(
    browser: httpx.AsyncClient, code: str
) -> None:
    assert (await browser.get(f"/m/{code}")).status_code == 404


async def test_the_page_needs_nothing_from_elsewhere_and_no_inline_script(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == 1
    assert "style=" not in page
    assert 'href="tel:032-120"' in page
