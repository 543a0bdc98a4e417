"""Pictures sent through the web chat: what is kept of them, and who may see them."""

import resource
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from handlers.flows.settings import MY_DATA
from handlers.replies import ReplyKind
from handlers.turns import Photo
from storage.attachments import add_attachment
from storage.files import DiskFull, FileStore, NoSuchFile
from tests.web.drawing import as_format, bomb_png, jpeg, taken_at_home
from tests.web.house import House


async def send(browser: httpx.AsyncClient, data: bytes, turn: str = "p1", **fields: str) -> httpx.Response:
    return await browser.post(
        "/chat/photos", data={"id": turn, **fields}, files={"file": ("내 사진.jpg", data, "image/jpeg")}
    )


async def kept(house: House) -> Photo:
    [body] = await house.bodies()
    assert isinstance(body, Photo)
    return body


def in_folder(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_a_picture_is_kept_without_place_camera_and_time(
    house: House, browser: httpx.AsyncClient
) -> None:
    data = jpeg(64, 48, exif=taken_at_home())
    assert b"SecretPhone" in data
    assert (await send(browser, data)).status_code == 202
    photo = await kept(house)
    clean = await house.services.files.read(str(photo.file))
    assert b"SecretPhone" not in clean
    assert b"Exif" not in clean
    with Image.open(BytesIO(clean)) as image:
        assert image.getexif() == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        # It lay on its side; now it stands as it was taken.
        assert image.size == (48, 64)
    assert (photo.media_type, photo.size) == ("image/jpeg", len(clean))


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP", "GIF"])
async def test_the_usual_kinds_of_pictures_are_taken(
    house: House, browser: httpx.AsyncClient, kind: str
) -> None:
    assert (await send(browser, as_format(kind))).status_code == 202
    assert (await kept(house)).media_type == "image/jpeg"


async def test_what_stands_behind_a_picture_in_its_file_is_not_kept(
    house: House, browser: httpx.AsyncClient
) -> None:
    assert (await send(browser, jpeg() + b"<script>alert(1)</script>")).status_code == 202
    assert b"script" not in await house.services.files.read(str((await kept(house)).file))


@pytest.mark.parametrize(
    "data",
    [b"<html><script>alert(1)</script></html>", b"", b"GIF89a", jpeg()[:200], as_format("BMP"), b"%PDF-1.7"],
    ids=["html", "empty", "head only", "cut off", "bmp", "pdf"],
)
async def test_what_is_no_picture_is_refused_whatever_its_name_says(
    house: House, browser: httpx.AsyncClient, data: bytes
) -> None:
    answer = await send(browser, data)
    assert answer.status_code == 415
    problem = answer.json()
    assert problem["code"] == "not_a_picture"
    assert "사진" in problem["message"]["ko"]
    assert "picture" in problem["message"]["en"]
    assert await house.bodies() == []
    assert in_folder(house.folder) == []


@pytest.mark.parametrize(("width", "height"), [(8000, 6000), (60_000, 60_000)])
async def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused(
    house: House, browser: httpx.AsyncClient, width: int, height: int
) -> None:
    answer = await send(browser, bomb_png(width, height))
    assert answer.status_code == 413
    assert answer.json()["code"] == "picture_too_large"
    assert in_folder(house.folder) == []


async def test_a_picture_of_more_than_twelve_megabytes_is_refused(
    house: House, browser: httpx.AsyncClient
) -> None:
    for extra in (12 * 1024 * 1024, 13 * 1024 * 1024):
        answer = await send(browser, jpeg() + b"\0" * extra)
        assert answer.status_code == 413
        assert answer.json()["message"]["ko"]
    assert await house.bodies() == []


async def test_a_large_picture_is_made_smaller(house: House, browser: httpx.AsyncClient) -> None:
    assert (await send(browser, jpeg(5000, 2500))).status_code == 202
    with Image.open(BytesIO(await house.services.files.read(str((await kept(house)).file)))) as image:
        assert image.size == (2048, 1024)


async def test_a_picture_sent_again_is_kept_once(house: House, browser: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await send(browser, jpeg())).status_code == 202
    assert (await kept(house)).file == in_folder(house.folder)[0].name
    assert len(in_folder(house.folder)) == 1


async def test_a_caption_is_covered_like_any_words(house: House, browser: httpx.AsyncClient) -> None:
    await send(browser, jpeg(), caption="여기예요\u0000 010-1234-5678")
    photo = await kept(house)
    assert "1234" not in photo.caption
    assert photo.masked == ("phone",)


async def test_a_picture_without_its_fields_is_refused(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/chat/photos", data={"id": "p"})).status_code == 422
    assert (await browser.post("/chat/photos", files={"file": ("a.jpg", jpeg())})).status_code == 422
    assert (await send(browser, jpeg(), turn="../x")).status_code == 422


async def brought(house: House, browser: httpx.AsyncClient) -> str:
    """A picture of this browser, as the conversation's handler writes it down."""
    await send(browser, jpeg())
    photo = await kept(house)
    async with house.services.database.begin() as connection:
        await add_attachment(
            connection,
            conversation_id=await house.conversation_of(browser),
            name=str(photo.file),
            media_type=photo.media_type,
            size=photo.size,
            at=datetime.now(UTC),
        )
    return str(photo.file)


async def test_only_who_sent_a_picture_sees_it(house: House, browser: httpx.AsyncClient) -> None:
    name = await brought(house, browser)
    answer = await browser.get(f"/chat/photos/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"].startswith("private")
    async with house.browser() as stranger:
        await stranger.post("/chat/turns", json={"id": "s", "text": "/start"})
        assert (await stranger.get(f"/chat/photos/{name}")).status_code == 404


async def test_a_picture_that_was_shown_to_somebody_can_be_seen_by_them(
    house: House, browser: httpx.AsyncClient
) -> None:
    name = await brought(house, browser)
    async with house.browser() as other:
        await other.post("/chat/turns", json={"id": "s", "text": "/start"})
        await house.show(await house.conversation_of(other), "", kind=ReplyKind.PHOTO, target=name)
        [reply] = (await other.get("/chat/replies")).json()["replies"]
        assert (await other.get(reply["photo"])).status_code == 200


async def test_a_person_saves_everything_that_is_kept_about_them_and_nobody_elses(
    house: House, browser: httpx.AsyncClient
) -> None:
    await browser.post("/chat/turns", json={"id": "s", "text": "/start"})
    talk = await house.conversation_of(browser)
    await house.show(talk, "", kind=ReplyKind.DOCUMENT, target=MY_DATA)
    [reply] = (await browser.get("/chat/replies")).json()["replies"]
    answer = await browser.get(reply["document"])
    assert answer.json()["person"]["channel"] == "web"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    async with house.browser() as stranger:
        assert (await stranger.get(reply["document"])).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fsotong.sqlite3",
        "%2e%2e%2fx.jpg",
        "a.jpg",
        "0" * 32 + ".jpg",
        "0" * 32 + ".html",
        "0" * 32 + ".jpg%00.png",
        ".hidden",
    ],
)
async def test_no_name_leads_out_of_the_store(house: House, browser: httpx.AsyncClient, name: str) -> None:
    await browser.post("/chat/turns", json={"id": "s", "text": "/start"})
    assert (await browser.get(f"/chat/photos/{name}")).status_code == 404


async def test_the_store_is_closed_to_other_accounts_of_the_machine(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    photo = await store.keep(jpeg())
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700
    assert store.open(photo.name).path.stat().st_mode & 0o777 == 0o600
    store.close()


async def test_a_removed_file_is_gone(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    photo = await store.keep(jpeg())
    await store.remove(photo.name)
    await store.remove(photo.name)
    with pytest.raises(NoSuchFile):
        store.open(photo.name)
    with pytest.raises(NoSuchFile):
        await store.remove("../elsewhere")
    store.close()


async def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(DiskFull):
            await store.keep(jpeg())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    kept_again = await store.keep(jpeg())
    store.close()
    assert [path.name for path in in_folder(tmp_path)] == [kept_again.name]
