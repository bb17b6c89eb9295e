"""The whole page by keyboard alone: from a text to its deletion, without a mouse and without a finger."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.test_page import done
from tests.browser.test_translating import TEXT, opened

pytestmark = pytest.mark.timeout(240)
BOOK = "\n\n".join(
    f"Kapitel {chapter}\n\n"
    + "\n\n".join(f"Absatz {number} von Kapitel {chapter}. Er ist kurz." for number in range(30))
    for chapter in (1, 2, 3)
)


async def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until an element has the focus, which has to be seen then."""
    for _ in range(80):
        if await wanted.evaluate("node => node === document.activeElement"):
            break
        await page.keyboard.press(key)
    await expect(wanted).to_be_focused()
    await expect(wanted).to_be_in_viewport()
    # Who uses keys sees where they are.
    assert await wanted.evaluate(
        "node => node.matches(':focus-visible') && getComputedStyle(node).outlineStyle !== 'none'"
    ), await wanted.evaluate("node => node.outerHTML")


async def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    await tab_to(page, wanted)
    await page.keyboard.press(key)


async def test_from_a_text_to_its_deletion_and_back(page: Page) -> None:
    await opened(page)
    await tab_to(page, page.get_by_label(TEXT))
    await page.keyboard.insert_text(BOOK)
    await press(page, page.get_by_role("button", name="Translate as a document"))
    await page.wait_for_url("**/#/d/*")
    await done(page)
    document = page.url.rpartition("/")[2].partition("?")[0]
    chosen = page.locator(".target .s.chosen")
    # Contents lead to a chapter, and the arrows on from there.
    await press(page, page.get_by_role("button", name="Contents"))
    await press(page, page.get_by_role("dialog").get_by_role("button", name=re.compile("Kapitel 2")))
    await expect(page.locator(".target .s").filter(has_text="Kapitel 2⟧").first).to_be_in_viewport()
    # Words of this document.
    await page.keyboard.press("/")
    await page.keyboard.type("Absatz 7 von Kapitel 3")
    await page.keyboard.press("Enter")
    await expect(page.locator(".target .s").filter(has_text="Absatz 7 von Kapitel 3").first).to_be_in_viewport()
    await page.keyboard.press("Escape")
    # A sentence is corrected and approved; the reading goes on at its place.
    await tab_to(page, page.locator(".text"))
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("e")
    written = page.get_by_role("textbox", name="Translation")
    await expect(written).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Corrected by hand.")
    await page.keyboard.press("Control+Enter")
    await expect(chosen).to_have_text("Corrected by hand.")
    await expect(chosen).to_be_focused()
    await page.keyboard.press("Enter")
    approve = page.get_by_role("button", name="Approve")
    await press(page, approve)
    await expect(approve).to_have_text("Approved ✓")
    await page.keyboard.press("Escape")
    await expect(chosen).to_have_class(re.compile(r"\bapproved\b"))
    # It is remembered.
    await press(page, page.get_by_role("link", name="Memory"))
    await expect(page.get_by_role("listitem").filter(has_text="Corrected by hand.")).to_be_visible()
    # History: renamed, deleted, and had back.
    await press(page, page.get_by_role("link", name="History"))
    await press(page, page.get_by_role("button", name="Rename Kapitel 1").first)
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Nur mit Tasten")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Nur mit Tasten")).to_be_visible()
    await expect(page.get_by_role("button", name="Rename Nur mit Tasten")).to_be_focused()
    await press(page, page.get_by_role("button", name="Delete Nur mit Tasten"))
    await expect(page.get_by_role("link", name="Nur mit Tasten")).to_have_count(0)
    await expect(page.get_by_role("button", name="Undo")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Nur mit Tasten")).to_be_visible()
    await press(page, page.get_by_role("button", name="Delete Nur mit Tasten"))
    await expect(page.get_by_text("is deleted.")).to_have_count(0, timeout=20_000)
    assert (await page.request.get(f"/v1/documents/{document}")).status == 404


async def test_a_glossary_is_made_and_used(page: Page) -> None:
    await opened(page)
    await press(page, page.get_by_role("link", name="Glossaries"))
    await tab_to(page, page.get_by_label("Name", exact=True))
    await page.keyboard.type("Nur mit Tasten")
    await tab_to(page, page.get_by_label("Terms, a line each"))
    await page.keyboard.type("Garten; garden")
    await press(page, page.get_by_role("button", name="Create glossary"))
    await expect(page.get_by_role("heading", name="Nur mit Tasten")).to_be_visible()
    await tab_to(page, page.get_by_label("Term", exact=True))
    await page.keyboard.type("Haus")
    await page.keyboard.press("Tab")
    await page.keyboard.type("villa")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entries li")).to_have_count(2)
    await press(page, page.get_by_role("link", name="Translate", exact=True))
    await tab_to(page, page.get_by_label(TEXT))
    await page.keyboard.insert_text("Das Haus ist groß.")
    await press(page, page.locator("details.options summary"))
    await tab_to(page, page.get_by_label("Glossary"))
    async with page.expect_request(lambda one: '"glossary"' in (one.post_data or "")):
        await page.keyboard.type("Nur")
    await expect(page.get_by_label("Glossary").locator("option:checked")).to_have_text("Nur mit Tasten")
    await press(page, page.get_by_role("link", name="Glossaries"))
    await press(page, page.get_by_role("link", name=re.compile("Nur mit Tasten")))
    await press(page, page.get_by_role("button", name="Delete", exact=True))
    await press(page, page.get_by_role("button", name="Delete glossary"))
    await expect(page.get_by_role("link", name=re.compile("Nur mit Tasten"))).to_have_count(0)


async def test_a_file_is_chosen_sent_and_hidden(page: Page, tmp_path: Path) -> None:
    await opened(page)
    held = tmp_path / "tasten.txt"
    held.write_text("Ein Satz.")
    # Listened for long before the key, as a busy browser may begin to tell of it later than it is pressed.
    choosing = asyncio.ensure_future(page.wait_for_event("filechooser"))
    await tab_to(page, page.locator("#file"))
    await page.keyboard.press("Enter")
    await (await choosing).set_files(held)
    await press(page, page.get_by_role("button", name="Translate 1 file"))
    await page.wait_for_url("**/#/d/*")
    await press(page, page.get_by_role("link", name="Translate", exact=True))
    await press(page, page.get_by_role("button", name="Hide: tasten.txt"))
    await expect(page.get_by_role("list", name="Files")).to_be_hidden()
