"""The page as its visitors use it."""

import asyncio
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, FilePayload, Page, Route, expect

from tests.conftest import ROOT

BOOK = ROOT / "examples" / "die-verwandlung.txt"
pytestmark = pytest.mark.timeout(240)


def file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


async def submit(page: Page, sent: FilePayload | Path) -> str:
    """Send a file, and return the id of the document that is shown then."""
    await page.goto("/")
    await expect(page.locator("#source option")).not_to_have_count(0)
    await page.set_input_files("#file", sent)
    await page.get_by_role("button", name="Translate").click()
    await page.wait_for_url("**/#/d/*", timeout=120_000)
    return page.url.rpartition("/")[2].partition("?")[0]


async def done(page: Page, within: float = 90) -> None:
    await expect(page.get_by_role("status")).to_contain_text("Done:", timeout=within * 1000)


async def picture(page: Page, name: str) -> None:
    """Take a picture of what is seen, where a folder for pictures is named."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def download(page: Page) -> str:
    """Return what is downloaded, without what the engine has put around each sentence."""
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    saved = await (await downloading.value).path()
    text = await asyncio.to_thread(saved.read_text, encoding="utf-8")
    return text.replace("⟦", "").replace("⟧", "")


async def test_a_text_is_pasted_and_its_translation_grows_beside_it(page: Page) -> None:
    await page.goto("/")
    await page.get_by_label("Text, or drop files here").fill("Guten Tag.\n\nEin zweiter Satz. Ein dritter.")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/#/d/*")
    await expect(page.locator(".target .s")).to_have_count(3)
    await done(page)
    paragraphs = page.locator(".paragraph")
    await expect(paragraphs).to_have_count(2)
    await expect(paragraphs.nth(1).locator("p")).to_have_text(
        ["Ein zweiter Satz. Ein dritter.", "⟦Ein zweiter Satz.⟧ ⟦Ein dritter.⟧"]
    )
    await expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("The translation is in the clipboard.")).to_be_visible()
    copied = await page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "⟦Guten Tag.⟧\n\n⟦Ein zweiter Satz.⟧ ⟦Ein dritter.⟧"


async def test_a_book_is_read_while_it_is_translated(page: Page) -> None:
    await submit(page, BOOK)
    await expect(page.get_by_role("heading", name="die-verwandlung.txt")).to_be_visible()
    first = page.locator(".paragraph").first.locator("p")
    await expect(first).to_have_text(["DIE VERWANDLUNG", "⟦DIE VERWANDLUNG⟧"], timeout=30_000)
    await done(page)
    # The end of the book: what is far away is fetched when it is scrolled to, and turns out higher than was thought.
    await page.set_viewport_size({"width": 400, "height": 800})
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await expect(page.get_by_text("⟦Und es war ihnen wie eine Bestätigung")).to_be_in_viewport()
    assert await download(page) == BOOK.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "This is a letter in English.\n\nNobody has to translate it for us. " * 4000,
            "This text is in English already",
        ),
        ("* * *\n\n---\n", "There is nothing to translate in this text"),
    ],
)
async def test_what_is_copied_as_it_is_says_so_and_is_shown(page: Page, text: str, why: str) -> None:
    await page.goto("/")
    await page.get_by_label("From").select_option("auto")
    await page.set_input_files("#file", file("brief.txt", text))
    await page.get_by_role("button", name="Translate").click()
    await page.wait_for_url("**/#/d/*")
    await expect(page.get_by_role("status")).to_have_text(f"{why}; it was copied as it is.", timeout=30_000)
    shown = page.get_by_role("region", name="Text", exact=True)
    await expect(shown).to_contain_text(text[:40].strip())
    long = len(text) > 200_000
    assert (await shown.inner_text()).startswith(text[:1000].strip())
    await expect(page.get_by_text("The first 200,000 characters are shown.")).to_have_count(int(long))
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    await picture(page, f"copied-{len(text)}")
    assert await download(page) == text


async def test_how_far_translations_can_be_relied_on_is_seen_heard_and_counted(page: Page) -> None:
    told = [
        {"confidence": 82, "level": "high", "reason": "the model was sure of its words"},
        {"confidence": 51, "level": "medium", "reason": "the model was not sure of all words"},
        {"confidence": 23, "level": "low", "reason": "the model was unsure of its words"},
        {"confidence": None, "level": None, "reason": None},
    ]

    async def tell(route: Route) -> None:
        # The engine of these tests does not tell how sure it is.
        answer = await route.fetch()
        page_of = await answer.json()
        for sentence, one in zip(page_of["items"], told, strict=True):
            sentence.update(one)
        await route.fulfill(response=answer, json=page_of)

    await page.goto("/")
    await page.get_by_label("Text, or drop files here").fill("Sicher. Nicht ganz sicher. Gar nicht sicher. 42 Wege.")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/#/d/*")
    await done(page)
    await page.route("**/sentences?*", tell)
    await page.reload()
    rows = page.locator(".target .s")
    await expect(rows.nth(0)).to_have_text("⟦Sicher.⟧")
    await expect(rows.nth(1)).to_have_attribute("title", "Medium confidence: the model was not sure of all words.")
    # Who hears the page is told of what is low where it is.
    await expect(rows.nth(2)).to_contain_text("Low confidence: the model was unsure of its words.")
    await expect(rows.nth(2)).to_have_class(re.compile("low"))
    # The reason is written out where a reader asks for it.
    written = page.get_by_label("Sentence", exact=True)
    await expect(written).to_be_hidden()
    await rows.nth(2).click()
    await expect(written).to_contain_text("Low confidence: the model was unsure of its words.")
    await rows.nth(0).click()
    await expect(written).to_contain_text("High confidence: the model was sure of its words.")
    # What is not plainly wrong is not underlined as if it were.
    await expect(rows.nth(2)).not_to_have_class(re.compile("doubt"))
    await expect(rows.nth(3)).to_have_attribute("title", "")
    for scheme in ("light", "dark"):
        # Without the transition from one colour to the other, in the middle of which nothing has its contrast.
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


async def test_the_api_is_documented_and_can_be_tried(page: Page) -> None:
    await page.goto("/docs")
    await expect(page.get_by_role("button", name="Authorize")).to_be_visible()
    await page.locator("#operations-operations-get_liveness").click()
    await page.get_by_role("button", name="Try it out").click()
    await page.get_by_role("button", name="Execute").click()
    await expect(page.locator(".live-responses-table")).to_contain_text('"status": "alive"')


async def test_memory_and_elements_do_not_grow_with_a_book_of_5_mb(page: Page, tmp_path: Path) -> None:
    text = "".join(f"Das ist der Satz mit der Nummer {number}, und er steht hier.\n" for number in range(90_000))
    assert len(text) > 5_000_000
    small_file, large_file = tmp_path / "small.txt", tmp_path / "large.txt"
    small_file.write_text(text[:60_000])
    large_file.write_text(text)
    await submit(page, small_file)
    await done(page)
    small = await _heap(page)
    await submit(page, large_file)
    await expect(page.get_by_role("status")).to_contain_text(re.compile(r"of [3-9]\d,\d{3} sentences"), timeout=120_000)
    most = 0
    for place in range(20):
        await page.evaluate("share => scrollTo(0, document.documentElement.scrollHeight * share)", place / 20)
        await expect(page.locator(".paragraph").first).to_be_visible()
        await page.wait_for_timeout(150)
        most = max(most, await page.locator(".s").count())
    assert 0 < most <= 1200
    # The text alone has 10 MB in a browser's memory.
    assert await _heap(page) - small < 5_000_000
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("status")).to_contain_text("Cancelled")


async def _heap(page: Page) -> int:
    used: int = await page.evaluate("() => { gc(); gc(); return performance.memory.usedJSHeapSize }")
    return used


async def test_an_upload_goes_on_after_the_connection_broke_off(page: Page) -> None:
    failures = 3

    async def unreliable(route: Route) -> None:
        nonlocal failures
        if failures and "/parts/1" in route.request.url:
            failures -= 1
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/v1/documents/*/parts/*", unreliable)
    text = "Ein Absatz mit einem Satz.\n\n" * 6000
    await submit(page, file("broken.txt", text))
    assert failures == 0
    await done(page)
    await expect(page.get_by_role("status")).to_contain_text("Done: 6,000 sentences")


async def test_an_upload_goes_on_after_the_page_was_closed(page: Page) -> None:
    sent: list[str] = []

    async def stuck(route: Route) -> None:
        if "/parts/2" in route.request.url:
            return  # Never answered: the visitor closes the page.
        sent.append(route.request.url)
        await route.continue_()

    text = "Ein Absatz mit einem Satz.\n\n" * 9000
    await page.route("**/v1/documents/*/parts/*", stuck)
    await page.goto("/")
    await page.set_input_files("#file", file("closed.txt", text))
    await page.get_by_role("button", name="Translate").click()
    async with asyncio.timeout(60):
        while len(sent) < 2:
            await asyncio.sleep(0.05)
    document = sent[0].split("/documents/")[1].split("/")[0]
    async with asyncio.timeout(60):
        while len((await (await page.request.get(f"/v1/documents/{document}/parts")).json())["items"]) < 2:
            await asyncio.sleep(0.1)
    await page.unroute("**/v1/documents/*/parts/*")
    await page.reload()
    await expect(page.get_by_text("The upload of closed.txt broke off")).to_be_visible()
    again: list[str] = []
    page.on("request", lambda request: again.append(request.url) if request.method == "PUT" else None)
    await page.set_input_files("#file", file("closed.txt", text))
    await page.get_by_role("button", name="Translate").click()
    await page.wait_for_url(f"**/#/d/{document}")
    await done(page)
    assert not any("/parts/0?" in url or "/parts/1?" in url for url in again)
    assert await download(page) == text


async def test_documents_are_never_read_as_html(page: Page) -> None:
    evil = "<img src=x onerror=alert(1)> Hallo <script>alert(2)</script> <b>Welt</b>."
    page.on("dialog", lambda _: pytest.fail("the document ran"))
    await submit(page, file("<b>evil</b>.txt", evil))
    await done(page)
    await expect(page.get_by_role("heading", name="<b>evil</b>.txt")).to_be_visible()
    assert await page.locator(".paragraph img, .paragraph script, .paragraph b").count() == 0
    answer = await page.request.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.refused_files
async def test_another_encoding_is_asked_for(page: Page) -> None:
    await page.goto("/")
    await page.set_input_files(
        "#file", {"name": "alt.txt", "mimeType": "text/plain", "buffer": "Grüße.".encode("cp1252")}
    )
    await expect(page.get_by_text("Not UTF-8. Choose the line that reads right:")).to_be_visible()
    await expect(page.get_by_role("radio", name="windows-1252 Grüße.")).to_be_checked()
    await page.get_by_role("button", name="Translate").click()
    await expect(page.get_by_text("⟦Grüße.⟧")).to_be_visible()


@pytest.mark.refused_files
async def test_what_a_file_is_is_told_by_its_first_bytes(page: Page) -> None:
    await page.goto("/")
    word = b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml"
    await page.set_input_files("#file", {"name": "brief.txt", "mimeType": "text/plain", "buffer": word})
    await expect(page.locator("li.refused").filter(has_text="this is a Word document")).to_be_visible()
    wide = "Grüße.".encode("utf-16")
    await page.set_input_files("#file", {"name": "weit.txt", "mimeType": "text/plain", "buffer": wide})
    await page.get_by_role("button", name="Translate").click()
    await expect(page.get_by_text("⟦Grüße.⟧")).to_be_visible()


async def test_several_files_and_the_history(page: Page) -> None:
    await page.goto("/")
    await page.set_input_files("#file", [file("erste-seite.txt", "Eins."), file("zweite-seite.txt", "Zwei.")])
    await page.get_by_role("button", name="Translate").click()
    await expect(page.locator("li.taken")).to_have_count(2)
    await page.get_by_role("link", name="History").click()
    await expect(page.get_by_role("link", name="erste-seite.txt")).to_be_visible()
    await page.get_by_text("Filters and order").click()
    await page.get_by_label("State").select_option("incomplete")
    await expect(page.get_by_role("link", name="erste-seite.txt")).to_have_count(0)
    await page.get_by_label("State").select_option("")
    await page.get_by_role("button", name="Delete zweite-seite.txt").click()
    await expect(page.get_by_role("link", name="zweite-seite.txt")).to_have_count(0)
    await page.get_by_role("link", name="erste-seite.txt").click()
    await expect(page.get_by_text("⟦Eins.⟧")).to_be_visible()


async def test_words_are_found_in_all_documents(page: Page) -> None:
    await submit(page, file("suche.txt", "Ein ganz <b>seltenes</b> Nashorn steht im Garten."))
    await done(page)
    await page.goto("/#/history")
    await page.get_by_label("Words in texts, translations and names").fill("nashorn garten")
    async with asyncio.timeout(90):
        while not await page.locator("mark").count():
            # It is made searchable after it is done, behind the documents of the tests before.
            await page.get_by_role("button", name="Search").click()
            await page.wait_for_timeout(300)
    await expect(page.locator("mark").first).to_have_text("Nashorn")
    assert await page.locator("section b").count() == 0
    await page.get_by_label("Words in texts, translations and names").fill("gibtesnicht")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="No sentence was found.")).to_be_visible()


async def test_a_document_is_downloaded_in_other_forms(page: Page) -> None:
    await submit(page, file("form.txt", "Guten Tag."))
    await done(page)
    await page.get_by_label("Download as").select_option("tmx")
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    saved = await downloading.value
    assert saved.suggested_filename == "form.en.tmx"
    assert "<tmx " in await asyncio.to_thread((await saved.path()).read_text, encoding="utf-8")


async def test_the_status_says_who_works_and_what_waits(page: Page) -> None:
    await page.goto("/#/status")
    await expect(page.get_by_role("status")).to_have_text("Ready: documents are translated.")
    await expect(page.get_by_role("cell", name="marking@1")).to_be_visible()
    await expect(page.get_by_role("cell", name="sentences.bulk")).to_be_visible(timeout=15_000)


async def test_it_is_used_by_keyboard_alone(page: Page) -> None:
    await page.goto("/")
    await expect(page.locator("#source option")).not_to_have_count(0)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.get_by_label("Text, or drop files here").evaluate("field => field === document.activeElement"):
            break
    await page.keyboard.type("Mit der Tastatur.")
    await page.keyboard.press("Control+Enter")
    await done(page)
    await expect(page.get_by_text("⟦Mit der Tastatur.⟧")).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
async def test_nothing_is_in_the_way_of_those_who_see_or_hear_it_otherwise(
    browser: Browser, address: str, scheme: str, width: int
) -> None:
    context = await browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        # axe is put into the page by the test; the page itself forbids it.
        bypass_csp=True,
    )
    page = await context.new_page()
    document = await submit(page, file("seen.txt", "Guten Tag. Wie geht es Ihnen?\n\nEin Absatz."))
    await done(page)
    for place in ("/", f"/#/d/{document}", "/#/history", "/#/status"):
        await page.goto(place)
        await page.wait_for_timeout(500)
        found = (await Axe().run(page)).response["violations"]
        serious = [entry for entry in found if entry["impact"] in ("serious", "critical")]
        assert serious == [], (place, scheme, width)
        overflow: int = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{place} is wider than a screen of {width}"
    await context.close()
