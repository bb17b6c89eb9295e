"""Sentences are corrected where they stand; nothing that was typed is lost."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

pytestmark = pytest.mark.timeout(180)
TEXT = "Der Verkäufer liefert. Der Käufer zahlt.\n\nEin zweiter Absatz. Er hat zwei Sätze."


@pytest.fixture
async def document(address: str) -> str:
    """A document that is done."""
    name = f"contract-{uuid4().hex[:8]}"
    async with httpx.AsyncClient(base_url=address) as http:
        assert (await http.post("/v1/documents", json={"text": TEXT, "id": name, "memory": "off"})).status_code == 202
        assert (await http.get(f"/v1/documents/{name}?wait=60", timeout=70)).json()["state"] == "done"
    return name


async def change(address: str, document: str, position: str, **fields: Any) -> None:
    """Change a sentence as somebody else would."""
    async with httpx.AsyncClient(base_url=address) as http:
        path = f"/v1/documents/{document}/sentences/{position.replace('.', '/')}"
        assert (await http.patch(path, json=fields)).status_code == 200


async def stored(address: str, document: str, position: str) -> dict[str, Any]:
    """Return a sentence as it is kept."""
    async with httpx.AsyncClient(base_url=address) as http:
        answer = await http.get(f"/v1/documents/{document}/sentences/{position.replace('.', '/')}")
        found: dict[str, Any] = answer.json()
        return found


async def text(address: str, document: str) -> str:
    async with httpx.AsyncClient(base_url=address) as http:
        return (await http.get(f"/v1/documents/{document}/text")).text


def sentence(page: Page, position: str) -> Locator:
    return page.locator(f'.target .s[data-at="{position}"]')


async def read(page: Page, document: str) -> None:
    await page.goto(f"/#/d/{document}")
    await expect(page.locator(".target .s")).to_have_count(4)


async def edit(page: Page, position: str, typed: str) -> Locator:
    """Open the editor of a sentence, type into it, and return where."""
    await sentence(page, position).dblclick()
    written = page.get_by_role("textbox", name="Translation")
    await expect(written).to_be_focused()
    await written.fill(typed)
    return written


async def test_a_document_is_corrected_by_keyboard_alone(page: Page, address: str, document: str) -> None:
    await read(page, document)
    await page.locator(".text").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("e")
    written = page.get_by_role("textbox", name="Translation")
    await expect(written).to_have_value("⟦Der Verkäufer liefert.⟧")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("The seller delivers.")
    await expect(page.locator(".changes ins")).not_to_have_count(0)
    await page.keyboard.press("Control+z")
    await expect(written).not_to_have_value("The seller delivers.")
    await page.keyboard.press("Control+Shift+z")
    await written.fill("The seller delivers.")
    await page.keyboard.press("Control+Enter")
    await expect(written).to_have_count(0)
    # The focus is where it was, so that one can go on.
    await expect(sentence(page, "0.0")).to_be_focused()
    await expect(sentence(page, "0.0")).to_have_text("The seller delivers.")
    # From its card, and on from one to the next.
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Correct")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(written).to_have_value("⟦Der Käufer zahlt.⟧")
    await page.keyboard.press("Control+Shift+Enter")
    await expect(written).to_have_value("⟦Ein zweiter Absatz.⟧")
    await page.keyboard.press("Escape")
    await expect(written).to_have_count(0)
    await expect(sentence(page, "0.1")).to_have_class(re.compile(r"\bapproved\b"))
    assert await text(address, document) == (
        "The seller delivers. ⟦Der Käufer zahlt.⟧\n\n⟦Ein zweiter Absatz.⟧ ⟦Er hat zwei Sätze.⟧"
    )
    # Back to the machine's text.
    await sentence(page, "0.0").dblclick()
    await page.get_by_role("button", name="Machine's text").click()
    await expect(written).to_have_value("⟦Der Verkäufer liefert.⟧")
    await page.get_by_role("button", name="Save").click()
    await expect(sentence(page, "0.0")).to_have_text("⟦Der Verkäufer liefert.⟧")
    await expect(sentence(page, "0.0")).not_to_have_class("corrected")


async def test_what_was_typed_outlives_reload_and_other_pages(page: Page, document: str) -> None:
    await read(page, document)
    await edit(page, "0.2", "A second par")
    await page.reload()
    await expect(page.get_by_text("1 sentence has text that is not saved.")).to_be_visible()
    await page.get_by_role("button", name="Go on").click()
    written = page.get_by_role("textbox", name="Translation")
    await expect(written).to_have_value("A second par")
    await written.fill("A second paragraph.")
    await page.get_by_role("link", name="History").click()
    await expect(page.locator(".text")).to_have_count(0)
    await read(page, document)
    await page.get_by_role("button", name="Go on").click()
    await expect(written).to_have_value("A second paragraph.")
    await page.get_by_role("button", name="Discard").click()
    await expect(written).to_have_value("⟦Ein zweiter Absatz.⟧")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("not saved")).to_have_count(0)


async def test_what_is_saved_while_the_server_is_away_is_saved_once_it_is_back(
    page: Page, address: str, document: str
) -> None:
    await read(page, document)
    answers = 0

    async def lose(route: Route) -> None:
        nonlocal answers
        answers += 1
        if answers == 1:
            # Done, but the answer is lost.
            await route.fetch()
        await route.abort()

    await page.route(
        "**/sentences/0/*", lambda route: lose(route) if route.request.method == "PATCH" else route.continue_()
    )
    await edit(page, "0.1", "The buyer pays.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".notice")).to_contain_text("The server does not answer")
    await page.unroute("**/sentences/0/*")
    await expect(page.get_by_role("textbox", name="Translation")).to_have_count(0, timeout=20_000)
    await expect(sentence(page, "0.1")).to_have_text("The buyer pays.")
    async with httpx.AsyncClient(base_url=address) as http:
        assert (await http.get(f"/v1/documents/{document}")).json()["edits"] == 1


@pytest.mark.refused_files
async def test_of_two_who_correct_a_sentence_neither_loses_theirs(page: Page, address: str, document: str) -> None:
    await read(page, document)
    written = await edit(page, "0.3", "It has two.")
    # This page does not hear of it in time.
    await page.route("**/edits?*", lambda route: route.abort())
    await change(address, document, "0.3", text="There are two sentences.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".theirs")).to_contain_text("There are two sentences.")
    await expect(written).to_have_value("It has two.")
    await page.get_by_role("button", name="Save mine").click()
    await expect(sentence(page, "0.3")).to_have_text("It has two.")
    assert (await text(address, document)).endswith("It has two.")
    async with httpx.AsyncClient(base_url=address) as http:
        history = (await http.get(f"/v1/documents/{document}/sentences/0/3")).json()["history"]
    assert [one["text"] for one in history] == ["There are two sentences."]


@pytest.mark.refused_files
async def test_who_overrules_another_approves_what_they_wanted_to_approve_and_takes_no_comment_away(
    page: Page, address: str, document: str
) -> None:
    # This page does not hear of what others change.
    await page.route("**/edits?*", lambda route: route.fulfill(status=204))
    await read(page, document)
    await edit(page, "0.3", "It has two.")
    await change(address, document, "0.3", text="There are two sentences.", comment="Counted.")
    await page.keyboard.press("Control+Shift+Enter")
    await expect(page.locator(".theirs")).to_contain_text("There are two sentences.")
    # Also when the page is loaded anew meanwhile.
    await page.reload()
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("button", name="Save mine and approve").click()
    await expect(page.get_by_role("textbox", name="Translation")).to_have_count(0)
    await expect(sentence(page, "0.3")).to_have_text("It has two.")
    await expect(sentence(page, "0.3")).to_have_class(re.compile(r"\bapproved\b"))
    await expect(page.get_by_text("not saved")).to_have_count(0)
    found = await stored(address, document, "0.3")
    assert (found["translation"], found["approved"], found["comment"]) == ("It has two.", True, "Counted.")


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_correction_outlives_that_its_page_is_closed_while_it_is_saved(
    page: Page, context: BrowserContext, address: str, document: str, arrives: bool
) -> None:
    sent = asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method != "PATCH":
            await route.continue_()
            return
        # Whether it was saved or not: this page never hears of it.
        if arrives:
            await route.fetch()
        sent.set()

    closing = await context.new_page()
    await closing.route("**/sentences/0/1", hold)
    await read(closing, document)
    await edit(closing, "0.1", "The buyer pays.")
    await closing.keyboard.press("Control+Enter")
    async with asyncio.timeout(20):
        await sent.wait()
    assert (await stored(address, document, "0.1"))["version"] == int(arrives)
    await closing.close()
    await read(page, document)
    await expect(sentence(page, "0.1")).to_have_text("The buyer pays.", timeout=20_000)
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.get_by_text("not saved")).to_have_count(0)
    found = await stored(address, document, "0.1")
    assert (found["translation"], found["version"]) == ("The buyer pays.", 1)


async def test_what_others_change_is_seen_at_once(page: Page, address: str, document: str) -> None:
    await read(page, document)
    await change(address, document, "0.0", text="Delivered.")
    await expect(sentence(page, "0.0")).to_have_text("Delivered.", timeout=15_000)
    written = await edit(page, "0.1", "Mine.")
    await change(address, document, "0.1", text="Theirs.")
    await expect(page.locator(".theirs")).to_contain_text("Theirs.", timeout=15_000)
    await page.get_by_role("button", name="Take theirs").click()
    await expect(written).to_have_value("Theirs.")


async def test_what_the_memory_has_is_offered_with_what_differs(page: Page, address: str, document: str) -> None:
    await change(address, document, "0.1", text="The buyer pays.", comment="As in the contract of May.")
    name = f"{document}-second"
    async with httpx.AsyncClient(base_url=address) as http:
        await http.post("/v1/documents", json={"text": "Nur der Käufer zahlt. Ende.", "id": name, "memory": "off"})
        assert (await http.get(f"/v1/documents/{name}?wait=60", timeout=70)).json()["state"] == "done"
    await page.goto(f"/#/d/{name}")
    await sentence(page, "0.0").dblclick()
    # Other tests have made something of that sentence, too.
    match = page.locator(".matches li").filter(has_text="The buyer pays.")
    await expect(match.locator("ins").first).to_contain_text("Nur")
    await match.get_by_role("button").click()
    await expect(page.get_by_role("textbox", name="Translation")).to_have_value("The buyer pays.")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (820, 1180), (390, 844), (844, 390)])
async def test_the_editor_fits_and_is_accessible(
    browser: Browser, address: str, document: str, width: int, height: int
) -> None:
    await change(address, document, "0.2", text="A second paragraph.", comment="Really?")
    # axe is put into the page by the test; the page itself forbids it.
    context = await browser.new_context(base_url=address, bypass_csp=True, viewport={"width": width, "height": height})
    try:
        page = await context.new_page()
        await read(page, document)
        await edit(page, "0.2", "A second paragraph, " + "which is very long, " * 20)
        await page.get_by_text("Corrected").click()
        await expect(page.locator(".history li")).not_to_have_count(0)
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        box = await page.locator(".editor").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        found = await Axe().run(page)
        serious = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
        assert serious == []
    finally:
        await context.close()


async def test_field_and_buttons_are_seen_above_the_keyboard_of_a_phone_on_its_side(page: Page, document: str) -> None:
    await page.set_viewport_size({"width": 844, "height": 390})
    await read(page, document)
    written = await edit(page, "1.0" if await sentence(page, "1.0").count() else "0.3", "Two sentences. " * 12)
    # What is left beside the keyboard: the page is made smaller, as its viewport asks for.
    await page.set_viewport_size({"width": 844, "height": 190})
    for wanted in (
        written,
        *(page.get_by_role("button", name=name, exact=True) for name in ("Save", "Approve and next", "Close")),
    ):
        await expect(wanted).to_be_in_viewport(ratio=1)
    # The bar above the text covers nothing of it, and nothing else is typed into.
    await expect(written).to_be_focused()
    assert (
        await page.evaluate("""() => {
        const { x, y } = document.querySelector(".correction").getBoundingClientRect();
        return document.elementFromPoint(x + 20, y + 4).className;
    }""")
        == "correction"
    )
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


async def test_a_double_click_at_the_lower_edge_of_the_window_hits_no_button_of_the_card(
    page: Page, address: str, document: str
) -> None:
    await read(page, document)
    one = sentence(page, "0.0")
    for height in range(420, 200, -20):
        await page.set_viewport_size({"width": 844, "height": height})
        await one.evaluate("node => scrollBy(0, node.getBoundingClientRect().bottom - innerHeight + 4)")
        await one.dblclick()
        await expect(page.get_by_role("textbox", name="Translation")).to_be_focused()
        await page.keyboard.press("Escape")
    assert (await stored(address, document, "0.0"))["version"] == 0


async def test_without_a_network_a_correction_waits_and_is_saved_by_itself(
    page: Page, address: str, document: str
) -> None:
    await read(page, document)
    await page.context.set_offline(True)
    await edit(page, "0.1", "The buyer pays.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".notice")).to_contain_text("The server does not answer")
    # The page is left for another sentence meanwhile.
    await page.keyboard.press("Escape")
    await edit(page, "0.2", "Another one.")
    await page.context.set_offline(False)
    await expect(sentence(page, "0.1")).to_have_text("The buyer pays.", timeout=20_000)
    await expect(page.get_by_role("textbox", name="Translation")).to_have_value("Another one.")
    async with httpx.AsyncClient(base_url=address) as http:
        assert (await http.get(f"/v1/documents/{document}")).json()["edits"] == 1


async def test_what_is_typed_while_it_is_saved_is_not_lost(page: Page, address: str, document: str) -> None:
    await read(page, document)
    going = asyncio.Event()

    async def held(route: Route) -> None:
        await going.wait()
        await route.continue_()

    await page.route("**/sentences/0/1", held)
    written = await edit(page, "0.1", "The buyer pays.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".notice")).to_contain_text("Saving")
    await written.press_sequentially(" At once.")
    going.set()
    await expect(page.locator(".notice")).to_contain_text("Saved, but for what you typed since.")
    await expect(written).to_have_value("The buyer pays. At once.")
    await page.keyboard.press("Control+Enter")
    await expect(sentence(page, "0.1")).to_have_text("The buyer pays. At once.")
    await expect(written).to_have_count(0)
    async with httpx.AsyncClient(base_url=address) as http:
        assert (await http.get(f"/v1/documents/{document}")).json()["edits"] == 2


async def test_who_approves_a_sentence_keeps_what_they_had_typed_for_it(page: Page, document: str) -> None:
    await read(page, document)
    await edit(page, "0.0", "The seller is to deliver.")
    await page.keyboard.press("Escape")
    await sentence(page, "0.0").click()
    await page.get_by_role("button", name="Approve").click()
    await expect(sentence(page, "0.0")).to_have_class(re.compile(r"\bapproved\b"))
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("textbox", name="Translation")).to_have_value("The seller is to deliver.")
