"""Keys that are revoked in the middle of something, on a pipeline that asks for them: nothing is lost."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.test_page import file
from tests.browser.test_translating import TEXT, hold, opened, row
from tests.e2e.conftest import CommandLine

pytestmark = pytest.mark.timeout(240)
BANNER = "Without a key this pipeline shows and takes nothing."


class Locked:
    """A pipeline that asks for keys."""

    def __init__(self, line: CommandLine) -> None:
        self._line = line
        self.address = line.ps()["api"]

    def key(self, name: str) -> str:
        """Make a key that sees all documents, so that another one may go on with what this one began."""
        made = json.loads(self._line.run("keys", "create", name, "--admin", "--json").stdout)
        found: str = made["key"]
        return found

    def revoke(self, name: str) -> None:
        (found,) = [
            one["id"] for one in json.loads(self._line.run("keys", "list", "--json").stdout) if one["name"] == name
        ]
        self._line.run("keys", "revoke", found)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    line = CommandLine(tmp_path_factory.mktemp("locked"))
    required = {"SATZSTROM_REQUIRE_KEYS": "yes"}
    line.run("up", "--detach", "--engine", "marking", "--port", "18320", environment=required)
    yield Locked(line)
    line.run("down")


@pytest.fixture
async def page(browser: Browser, locked: Locked) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=locked.address)
    yield await context.new_page()
    await context.close()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="This pipeline asks for a key")


async def enter(page: Page, key: str) -> None:
    await dialog(page).get_by_label("Key").fill(key)
    await page.keyboard.press("Enter")
    await expect(dialog(page)).to_have_count(0)


async def come(page: Page, locked: Locked, name: str, where: str = "/") -> None:
    """Open the page with a key of that name."""
    key = await asyncio.to_thread(locked.key, name)
    await page.goto(where)
    await enter(page, key)
    await page.evaluate("() => document.fonts.ready")


async def lose(page: Page, locked: Locked, name: str) -> str:
    """Revoke a key, wait until it is refused, as the API knows a key for some seconds, and return another one."""
    held = await page.evaluate("() => sessionStorage.getItem('satzstrom-key')")
    await asyncio.to_thread(locked.revoke, name)
    async with (
        asyncio.timeout(60),
        httpx.AsyncClient(base_url=locked.address, headers={"Authorization": f"Bearer {held}"}) as http,
    ):
        while (await http.get("/v1/documents?limit=1")).status_code != 401:
            await asyncio.sleep(0.2)
    return await asyncio.to_thread(locked.key, f"{name} again")


async def test_while_a_text_is_typed(page: Page, locked: Locked) -> None:
    await come(page, locked, "typing")
    await opened(page)
    field, beside = page.get_by_label(TEXT), page.get_by_role("group", name="Translation")
    await field.fill("Guten Tag.")
    await expect(beside).to_have_text("⟦Guten Tag.⟧", timeout=30_000)
    other = await lose(page, locked, "typing")
    await field.focus()
    await page.keyboard.press("End")
    async with page.expect_response(lambda answer: answer.status == 401):
        await page.keyboard.type(" Und mehr", delay=250)
    # Not while somebody types: the letters would land in it.
    await page.keyboard.type(".", delay=0)
    await expect(dialog(page)).to_have_count(0, timeout=100)
    await expect(field).to_have_value("Guten Tag. Und mehr.")
    await expect(dialog(page)).to_contain_text("was revoked")
    await page.get_by_role("button", name="Not now").click()
    await expect(page.get_by_text(BANNER).first).to_be_visible()
    # Who gave none types on where they were, and is not asked again with each letter.
    await page.keyboard.type(" Noch ein Satz.", delay=100)
    await page.wait_for_timeout(1500)
    await expect(dialog(page)).to_have_count(0)
    await page.get_by_role("button", name="Enter a key").click()
    await enter(page, other)
    await expect(beside).to_have_text("⟦Guten Tag.⟧ ⟦Und mehr.⟧ ⟦Noch ein Satz.⟧")
    await expect(page.get_by_text(BANNER)).to_be_hidden()


async def test_while_files_are_sent(page: Page, locked: Locked) -> None:
    await come(page, locked, "sending")
    await opened(page)
    going = await hold(page, r"\.0/parts/1\?")
    text = "Ein Absatz mit einem Satz.\n\n" * 6000
    await page.set_input_files("#file", [file("eins.txt", text), file("zwei.txt", "Zwei.")])
    await page.get_by_role("button", name="Translate 2 files").click()
    await expect(row(page, "eins.txt")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    other = await lose(page, locked, "sending")
    going.set()
    await page.get_by_role("button", name="Not now").click()
    await expect(row(page, "eins.txt")).to_contain_text("A key is wanted; it goes on as soon as one is given.")
    await page.wait_for_timeout(1500)
    await expect(dialog(page)).to_have_count(0)
    # Nor is it lost when another page is looked at meanwhile.
    await page.get_by_role("link", name="History").click()
    await page.get_by_role("button", name="Enter a key").click()
    await enter(page, other)
    await expect(page.get_by_role("link", name="eins.txt")).to_be_visible()
    await page.get_by_role("link", name="Translate", exact=True).click()
    await expect(page.locator("li.taken")).to_have_count(2, timeout=30_000)
    async with httpx.AsyncClient(base_url=locked.address, headers={"Authorization": f"Bearer {other}"}) as http:
        listed: list[dict[str, Any]] = (await http.get("/v1/documents")).json()["items"]
        mine = {one["metadata"]["filename"]: one for one in listed if one["metadata"].get("filename")}
        assert sorted(mine) == ["eins.txt", "zwei.txt"]
        assert (await http.get(f"/v1/documents/{mine['eins.txt']['id']}?wait=60", timeout=70)).json()[
            "characters"
        ] == len(text)


async def test_while_a_sentence_is_corrected(page: Page, locked: Locked) -> None:
    await come(page, locked, "correcting")
    key = await page.evaluate("() => sessionStorage.getItem('satzstrom-key')")
    async with httpx.AsyncClient(base_url=locked.address, headers={"Authorization": f"Bearer {key}"}) as http:
        sent = {"text": "Der Käufer zahlt. Der Verkäufer liefert.", "id": "locked-1", "memory": "off"}
        assert (await http.post("/v1/documents", json=sent)).status_code == 202
        assert (await http.get("/v1/documents/locked-1?wait=60", timeout=70)).json()["state"] == "done"
    await page.goto("/#/d/locked-1")
    await page.locator('.target .s[data-at="0.0"]').dblclick()
    written = page.get_by_role("textbox", name="Translation")
    await written.fill("The buyer pays.")
    other = await lose(page, locked, "correcting")
    await page.keyboard.press("Control+Enter")
    await page.get_by_role("button", name="Not now").click()
    # The page may have asked before that key, for what it hears of others; nobody is asked twice.
    await written.press("Control+Enter")
    await expect(page.locator(".notice")).to_contain_text(
        "Without a key nothing is saved. What you typed is kept here, and saved"
    )
    await expect(written).to_have_value("The buyer pays.")
    # It outlives a reload, and is saved by itself as soon as there is a key.
    await page.reload()
    await expect(dialog(page)).to_have_count(1)
    await enter(page, other)
    await expect(page.locator('.target .s[data-at="0.0"]')).to_have_text("The buyer pays.")
    async with httpx.AsyncClient(base_url=locked.address, headers={"Authorization": f"Bearer {other}"}) as http:
        assert (await http.get("/v1/documents/locked-1")).json()["edits"] == 1


async def test_who_said_what_of_a_sentence_is_seen_and_taken_up_again(page: Page, locked: Locked) -> None:
    await come(page, locked, "Ada")
    key = await page.evaluate("() => sessionStorage.getItem('satzstrom-key')")
    async with httpx.AsyncClient(base_url=locked.address, headers={"Authorization": f"Bearer {key}"}) as http:
        body = {"text": "Der Käufer zahlt.", "id": "locked-3", "memory": "off"}
        assert (await http.post("/v1/documents", json=body)).status_code == 202
        assert (await http.get("/v1/documents/locked-3?wait=60", timeout=70)).json()["state"] == "done"
        await page.goto("/#/d/locked-3")
        sentence, editor = page.locator(".target .s"), page.get_by_role("group", name="Correct this sentence")
        written = editor.get_by_role("textbox", name="Translation")

        async def save(text: str, *, comment: str | None = None) -> None:
            await sentence.dblclick()
            await written.fill(text)
            if comment is not None:
                await editor.locator("summary").filter(has_text="Comment").click()
                await editor.get_by_role("textbox", name="Comment").fill(comment)
            await editor.get_by_role("button", name="Save").click()
            await expect(editor).to_have_count(0)
            await expect(sentence).to_have_text(text)

        await save("The buyer pays.", comment="As in the contract of May.")
        await save("The purchaser pays.")
        await sentence.dblclick()
        await expect(editor.get_by_role("textbox", name="Comment")).to_have_value("As in the contract of May.")
        await editor.get_by_text("Corrected by Ada").click()
        earlier = editor.locator(".history li").filter(has_text="The buyer pays.")
        await expect(earlier).to_contain_text("Ada")
        await expect(editor.locator(".history li").last).to_contain_text("⟦Der Käufer zahlt.⟧ (the machine)")
        await earlier.get_by_role("button", name="Use").click()
        await expect(written).to_have_value("The buyer pays.")
        await editor.get_by_role("button", name="Save").click()
        await expect(sentence).to_have_text("The buyer pays.")
        await expect(editor).to_have_count(0)
        found = (await http.get("/v1/documents/locked-3/sentences/0/0")).json()
    assert (found["translation"], found["comment"]) == ("The buyer pays.", "As in the contract of May.")
    assert (found["changed_by"], found["version"]) == ("Ada", 3)


async def test_while_a_document_is_read(page: Page, locked: Locked) -> None:
    await come(page, locked, "reading")
    key = await page.evaluate("() => sessionStorage.getItem('satzstrom-key')")
    text = "\n\n".join(f"Das ist der Absatz {number} von allen. Er ist kurz." for number in range(400))
    async with httpx.AsyncClient(base_url=locked.address, headers={"Authorization": f"Bearer {key}"}) as http:
        assert (await http.post("/v1/documents", json={"text": text, "id": "locked-2"})).status_code == 202
        assert (await http.get("/v1/documents/locked-2?wait=60", timeout=70)).json()["state"] == "done"
    await page.goto("/#/d/locked-2")
    await expect(page.locator('.target .s[data-at="0.0"]')).to_be_visible()
    other = await lose(page, locked, "reading")
    await page.keyboard.press("End")
    await page.get_by_role("button", name="Not now").click()
    await page.keyboard.press("End")
    await expect(page.get_by_text(BANNER).first).to_be_visible()
    await page.get_by_role("button", name="Enter a key").click()
    await enter(page, other)
    await expect(page.locator(".target .s").last).to_contain_text("Er ist kurz.")
    await expect(page.locator('.target .s[data-at="0.799"]')).to_be_visible()
