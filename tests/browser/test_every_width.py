"""What is seldom seen, at the sizes of a desk, a tablet, and a phone held both ways: it fits, and everybody can use it."""

import json
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.test_history import broken_off, ended, send
from tests.browser.test_page import file, picture
from tests.browser.test_translating import opened, row, stuck_at

SIZES = [(1280, 800), (820, 1180), (390, 844), (844, 390)]
LONG = "Donaudampfschifffahrtsgesellschaftskapitän"
pytestmark = pytest.mark.timeout(240)


async def _document(page: Page, text: str) -> str:
    """Send a text, and open it when it is done."""
    document = f"width-{uuid4().hex[:8]}"
    await send(page, document, text, memory="off", metadata={"title": f"{LONG} " * 3})
    await ended(page, document)
    await page.goto(f"/#/d/{document}")
    await expect(page.locator('.target [data-at="0.0"]')).to_contain_text("⟦")
    return document


async def search(page: Page) -> None:
    await _document(page, f"Der {LONG} kommt. " * 40)
    await page.get_by_role("button", name="Search in this document").click()
    await page.get_by_label("Words in this document").fill(LONG)
    await expect(page.get_by_role("search")).to_contain_text("1 of 40")
    # What was found does not lie behind the bar.
    for one in await page.locator(".s.chosen").all():
        assert await one.evaluate(
            "node => node.getBoundingClientRect().top >= document.querySelector('.tools').getBoundingClientRect().bottom"
        )


async def found(page: Page) -> None:
    await search(page)
    await page.get_by_role("button", name="List").click()
    await expect(page.get_by_role("dialog", name="Found").locator("li")).to_have_count(40)


async def unfinished(page: Page) -> None:
    document = f"width-{uuid4().hex[:8]}"
    await broken_off(page, document, f"{LONG}.txt")
    await page.goto(f"/#/d/{document}")
    await expect(page.get_by_text("⟦Ein Satz.⟧").first).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="Copy", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("Not all of it is translated")


async def _refuse(route: Route) -> None:
    problem = {"type": "urn:satzstrom:problem:unauthorized", "detail": "send a key"}
    await route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(problem))


async def key(page: Page) -> None:
    await page.route("**/v1/**", _refuse)
    await page.goto("/#/history")
    dialog = page.get_by_role("dialog", name="This pipeline asks for a key")
    await dialog.get_by_label("Key").fill("falsch")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("This key is not known here")


async def no_key(page: Page) -> None:
    await key(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Enter a key")).to_be_visible()


async def away(page: Page) -> None:
    await page.goto("/#/status")
    await expect(page.get_by_role("link", name="topics and events on Kafka")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("The pipeline cannot be reached")).to_be_visible(timeout=20_000)


async def broke_off(page: Page) -> None:
    await opened(page)
    sent = await stuck_at(page, ".0/parts/1")
    names = [f"{LONG}-{number}.txt" for number in range(3)]
    await page.set_input_files("#file", [file(name, "Ein Absatz mit einem Satz.\n\n" * 5000) for name in names])
    await page.get_by_role("button", name="Translate 3 files").click()
    await expect(row(page, names[0])).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    assert len(sent) == 1
    await page.reload()
    await expect(page.get_by_text(f"The upload of {names[0]} broke off after")).to_be_visible()
    await expect(page.get_by_text("These 2 had not been sent yet")).to_be_visible()
    await page.locator(".broken").last.scroll_into_view_if_needed()


async def conflict(page: Page) -> None:
    # This page does not hear of what others change.
    await page.route("**/edits?*", lambda route: route.fulfill(status=204))
    document = await _document(page, f"Der {LONG} kommt. Er geht.")
    await page.locator('.target [data-at="0.0"]').dblclick()
    written = page.get_by_role("textbox", name="Translation")
    await written.fill("The captain of the Danube steamship company comes. " * 3)
    change = {"text": f"The {LONG} is coming.", "comment": "As in the book."}
    assert (await page.request.patch(f"/v1/documents/{document}/sentences/0/0", data=change)).ok
    await written.press("Control+Shift+Enter")
    await expect(page.get_by_role("button", name="Save mine and approve")).to_be_visible()
    await page.locator("summary").filter(has_text="Comment").click()
    await page.locator(".notice").scroll_into_view_if_needed()


async def copied(page: Page) -> None:
    document = f"width-{uuid4().hex[:8]}"
    text = f"This is a letter that was written in English. Nobody has to translate {'it' * 60}.\n\n" * 30
    await send(page, document, text, source="auto")
    await ended(page, document)
    await page.goto(f"/#/d/{document}")
    await expect(page.get_by_role("region", name="Text", exact=True)).to_contain_text("Nobody has to")


async def status(page: Page) -> None:
    await page.goto("/#/status")
    await expect(page.get_by_role("cell", name="sentences.bulk")).to_be_visible(timeout=15_000)


SHOWN = [search, found, unfinished, key, no_key, away, broke_off, conflict, copied, status]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: one.__name__)
async def test_it_fits_and_everybody_can_use_it(
    browser: Browser, address: str, shown: Callable[[Page], Awaitable[None]], width: int, height: int
) -> None:
    context = await browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        # axe is put into the page by the test; the page itself forbids it.
        bypass_csp=True,
        reduced_motion="reduce",
    )
    try:
        page = await context.new_page()
        await shown(page)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            violations = (await Axe().run(page)).response["violations"]
            assert [one for one in violations if one["impact"] in ("serious", "critical")] == [], scheme
            await picture(page, f"{shown.__name__}-{width}-{scheme}")
        overflow: int = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0
        # What is shown above the page is as wide as its window at most, too.
        for one in await page.locator("dialog[open], .editor, .card:not([hidden]), .find:not([hidden])").all():
            box = await one.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert await one.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    finally:
        await page.unroute_all(behavior="ignoreErrors")
        await context.close()
