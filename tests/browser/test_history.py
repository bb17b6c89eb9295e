"""The list of documents: names, live states, what was found, batches, and what went wrong."""

import asyncio
import json
import re
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

pytestmark = pytest.mark.timeout(240)
TEXT = {"Content-Type": "text/plain"}


async def send(page: Page, document: str, text: str, **said: Any) -> None:
    answer = await page.request.post("/v1/documents", data={"id": document, "text": text} | said)
    assert answer.status == 202, await answer.text()


async def ended(page: Page, document: str) -> None:
    """Wait until a document is done."""
    assert (await (await page.request.get(f"/v1/documents/{document}?wait=60")).json())["state"] == "done"


async def broken_off(
    page: Page, document: str, name: str, beginning: str = "Ein Satz. " * 100, length: int = 4000
) -> None:
    """Begin an upload of which nothing more comes."""
    query = f"filename={name}&length={length}"
    await page.request.put(f"/v1/documents/{document}/parts/0?{query}", data=beginning, headers=TEXT)


async def send_together(page: Page, batch: str, *files: tuple[str, bytes]) -> None:
    boundary = "grenze"
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, data in files
    )
    await page.request.post(
        f"/v1/batches?id={batch}",
        data=body + f"--{boundary}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )


def card(page: Page, name: str) -> Locator:
    return page.locator(".document").filter(has=page.get_by_role("link", name=name, exact=True))


async def test_documents_have_names_and_are_renamed_in_place(page: Page) -> None:
    await send(page, "named-1", "# Brief an die Großmutter\n\nLiebe Oma!")
    await page.goto("/#/history")
    await card(page, "Brief an die Großmutter").get_by_role("button", name="Rename").click()
    await page.keyboard.type("Nie gespeichert")
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.textContent") == "Rename"
    await page.keyboard.press("Enter")
    await page.get_by_label("Name", exact=True).fill("Omas Brief")
    await page.keyboard.press("Enter")
    await expect(card(page, "Omas Brief")).to_contain_text("German → English")
    await page.get_by_role("link", name="Omas Brief").click()
    await expect(page.get_by_role("heading", name="Omas Brief")).to_be_visible()
    await expect(page).to_have_title("Omas Brief – Satzstrom")


async def test_states_are_live(page: Page) -> None:
    await page.goto("/#/history")
    await expect(page.get_by_role("search")).to_be_visible()
    await send(page, "live-1", "Ein langer Satz, der dauert. " * 10_000, metadata={"title": "Lebendig"})
    one = card(page, "Lebendig")
    await expect(one).to_contain_text(re.compile(r"Translating: [\d,]+ of [\d,]+ sentences"), timeout=20_000)
    await expect(one.get_by_role("progressbar")).to_be_visible()
    # Who renames it meanwhile is not disturbed by news of it.
    await one.get_by_role("button", name="Rename").click()
    await page.get_by_label("Name", exact=True).fill("Noch nicht fertig getippt")
    renaming = page.locator(".document").filter(has=page.get_by_label("Name", exact=True))
    await expect(renaming).to_contain_text("Done: 10,000 sentences", timeout=90_000)
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Noch nicht fertig getippt")


async def test_a_deletion_is_undone_also_on_another_page(page: Page) -> None:
    for number in range(2):
        await send(page, f"gone-{number}", "Text.", metadata={"title": f"Weg {number}"})
    await page.goto("/#/history")
    for number in range(2):
        await page.get_by_role("button", name=f"Delete Weg {number}").click()
        await expect(card(page, f"Weg {number}")).to_have_count(0)
    await page.get_by_role("link", name="Status").click()
    await page.locator(".undo p", has_text="Weg 0").get_by_role("button", name="Undo").click()
    await page.get_by_role("link", name="History").click()
    await expect(card(page, "Weg 0")).to_be_visible()
    await expect(card(page, "Weg 1")).to_have_count(0)
    assert (await page.request.get("/v1/documents/gone-1")).status == 200
    # Who closes the page does not undo it any more.
    await page.reload()
    async with asyncio.timeout(20):
        while (await page.request.get("/v1/documents/gone-1")).status != 404:
            await asyncio.sleep(0.1)
    assert (await page.request.get("/v1/documents/gone-0")).status == 200


async def test_what_was_found_is_shown_on_both_sides_and_opened_at_its_place(page: Page) -> None:
    filling = "Nichts davon. " * 30
    await send(page, "found-1", f"{filling}Das Flusspferd badet gern. {filling}", metadata={"title": "Am Fluss"})
    await ended(page, "found-1")
    await page.goto("/#/history?q=flusspferd")
    async with asyncio.timeout(30):
        while not await page.locator(".hit").count():
            await page.get_by_role("button", name="Search").click()
            await page.wait_for_timeout(300)
    hit = page.locator(".hit").first
    await expect(hit.locator(".source")).to_contain_text("Das Flusspferd badet gern.")
    await expect(hit.locator(".translation")).to_contain_text("⟦Das Flusspferd badet gern.⟧")
    # Whole words: an excerpt does not begin within one.
    assert re.search(r"German:\s+(Nichts|davon)", await hit.locator(".source").inner_text())
    await expect(card(page, "Am Fluss")).to_be_visible()
    await hit.get_by_role("link", name="Open Am Fluss at this sentence").click()
    await page.wait_for_url("**/#/d/found-1?s=0.30")
    await expect(page.get_by_text("⟦Das Flusspferd badet gern.⟧")).to_be_in_viewport()


async def test_filters_stand_in_the_address(page: Page, context: BrowserContext) -> None:
    await send(page, "filter-1", "Eins.", metadata={"title": "Mit Autor", "author": "Kafka"})
    await send(page, "filter-2", "Zwei.", metadata={"title": "Ohne Autor"})
    await page.goto("/#/history")
    await page.get_by_text("Filters and order").click()
    await page.get_by_label("Metadata").fill("author=Kafka")
    await page.get_by_label("Metadata").press("Enter")
    await expect(card(page, "Ohne Autor")).to_have_count(0)
    await page.get_by_label("To", exact=True).select_option("en")
    await page.get_by_label("Sent on or after").fill("2020-05-01")
    await page.get_by_label("Order").select_option("created")
    await expect(page).to_have_url(
        re.compile(r"target=en&created_after=2020-05-01&sort=created&metadata.author=Kafka$")
    )
    other = await context.new_page()
    await other.goto(page.url)
    await expect(card(other, "Mit Autor")).to_be_visible()
    await expect(card(other, "Ohne Autor")).to_have_count(0)
    await expect(other.get_by_label("Metadata")).to_have_value("author=Kafka")
    await other.get_by_label("Sent on or before").fill("2020-05-02")
    await expect(other.get_by_text("No document fits these words and filters.")).to_be_visible()
    await other.get_by_role("button", name="Clear filters").click()
    await expect(card(other, "Ohne Autor")).to_be_visible()
    assert other.url.endswith("#/history")


async def test_a_batch_is_together_and_says_what_was_not_taken(page: Page) -> None:
    await send_together(page, "briefe", ("eins.txt", b"Eins."), ("zwei.txt", b"Zwei."), ("drei.txt", b"PK\x03\x04"))
    await page.goto("/#/history")
    batch = page.locator(".batch", has_text="Batch briefe: 2 documents")
    await expect(batch.locator(".document")).to_have_count(2)
    await expect(batch).to_contain_text("drei.txt was not taken")
    await batch.locator("summary").first.click()
    await expect(batch.locator(".document").first).to_be_hidden()
    await batch.locator("summary").first.click()
    await batch.get_by_role("link", name="All of this batch").click()
    await expect(page).to_have_url(re.compile("batch=briefe$"))
    await expect(page.locator(".document")).to_have_count(2)


async def test_all_of_a_batch_is_deleted_or_had_back(page: Page) -> None:
    await send_together(page, "fort", *((f"fort-{number}.txt", b"Text.") for number in range(3)))
    listed = await (await page.request.get("/v1/documents?batch=fort")).json()
    ids = {one["name"]: one["id"] for one in listed["items"]}
    assert len(ids) == 3
    await page.goto("/#/history")
    batch = page.locator(".batch", has_text="Batch fort: 3 documents")
    await batch.get_by_role("button", name="Delete these").click()
    await expect(batch).to_have_count(0)
    await page.locator(".undo p", has_text="fort-1.txt").get_by_role("button", name="Undo").click()
    await expect(card(page, "fort-1.txt")).to_be_visible()
    # Who leaves the page does not undo it any more.
    await page.reload()
    async with asyncio.timeout(20):
        for name in ("fort-0.txt", "fort-2.txt"):
            while (await page.request.get(f"/v1/documents/{ids[name]}")).status != 404:
                await asyncio.sleep(0.1)
    assert (await page.request.get(f"/v1/documents/{ids['fort-1.txt']}")).status == 200


async def test_what_broke_off_or_was_cancelled_says_how_to_go_on(page: Page) -> None:
    sentence = f"Ein {'sehr ' * 18}langer. "
    assert len(sentence) == 102
    # As much as the page sends together.
    await broken_off(page, "broken-1", "halb.txt", sentence * 588, length=102 * 1176)
    await send(page, "stopped-1", "Ein langer Satz, der dauert. " * 2000, metadata={"title": "Angehalten"})
    await page.request.post("/v1/documents/stopped-1/cancel")
    await page.goto("/#/history")
    await expect(card(page, "Angehalten")).to_contain_text(re.compile(r"Cancelled: .* can be read"))
    await expect(card(page, "Angehalten").get_by_role("button", name="Send it again")).to_be_visible()
    half = card(page, "halb.txt")
    await expect(half).to_contain_text("of about 1,176 sentences", timeout=20_000)
    await expect(half).to_contain_text("the upload seems to have broken off", timeout=40_000)
    # Another file is not taken for it; the same one is its rest.
    for text, same in (("Etwas anderes. " * 9000, False), (sentence * 1176, True)):
        async with page.expect_file_chooser() as choosing:
            await half.get_by_role("button", name="Go on: choose the same file").click()
        await (await choosing.value).set_files({"name": "halb.txt", "mimeType": "text/plain", "buffer": text.encode()})
        if not same:
            await expect(page.get_by_role("alert")).to_contain_text("This is another file than the one that was begun")
    await page.wait_for_url("**/#/")
    await page.get_by_role("button", name=re.compile("^Translate")).click()
    await ended(page, "broken-1")
    assert (await (await page.request.get("/v1/documents/broken-1")).json())["sentences"]["total"] == 1176


async def test_what_was_cancelled_is_sent_again_in_its_languages(page: Page) -> None:
    text = "Ein langer Satz, der dauert. " * 2000
    await send(page, "stopped-2", text, source="auto", metadata={"title": "Getippt"})
    await page.request.put("/v1/documents/stopped-3/parts/0?last=true&filename=nochmal.txt", data=text, headers=TEXT)
    for document in ("stopped-2", "stopped-3"):
        await page.request.post(f"/v1/documents/{document}/cancel")
    await page.goto("/#/history")
    await card(page, "Getippt").get_by_role("button", name="Send it again: paste its text").click()
    await page.wait_for_url("**/#/")
    await expect(page.get_by_label("From", exact=True)).to_have_value("auto")
    await page.goto("/#/d/stopped-3")
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Send it again: choose its file").click()
    await (await choosing.value).set_files({"name": "nochmal.txt", "mimeType": "text/plain", "buffer": text.encode()})
    await page.wait_for_url("**/#/")
    await expect(page.get_by_label("From", exact=True)).to_have_value("de")
    await page.get_by_role("button", name="Translate 1 file").click()
    await page.wait_for_url("**/#/d/*")
    again = page.url.rpartition("/")[2].partition("?")[0]
    assert again != "stopped-3"
    await ended(page, again)


async def test_what_is_unfinished_is_copied_only_as_somebody_chose(page: Page) -> None:
    await broken_off(page, "unfinished-1", "unfertig.txt")
    await page.goto("/#/d/unfinished-1")
    await expect(page.get_by_text("⟦Ein Satz.⟧").first).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="Copy", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Not all of it is translated")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    # Where a page may not use the clipboard, it says what to do.
    await page.evaluate(
        "() => { Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false; }"
    )
    await page.get_by_role("button", name="Copy", exact=True).click()
    await dialog.get_by_role("button", name="Leave out what is missing").click()
    await expect(dialog).to_contain_text("press Ctrl-C")
    await expect(dialog.get_by_label("Translation")).to_have_value(re.compile("^⟦Ein Satz.⟧"))
    await dialog.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Copy", exact=True).click()
    await dialog.get_by_role("button", name="Wait until it is done").click()
    await page.request.put("/v1/documents/unfinished-1/parts/1?last=true", data="Das Ende.", headers=TEXT)
    await expect(dialog).to_contain_text("press Ctrl-C", timeout=30_000)
    await expect(dialog.get_by_label("Translation")).to_have_value(re.compile("⟦Das Ende.⟧$"))
    await dialog.get_by_role("button", name="Close").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    assert (await downloading.value).suggested_filename == "unfertig.en.txt"


@pytest.mark.refused_files
async def test_a_key_is_asked_for_once_and_a_wrong_one_is_said(page: Page) -> None:
    await send(page, "keyed-1", "Text.", metadata={"title": "Hinter dem Schloss"})

    async def guard(route: Route) -> None:
        if route.request.headers.get("authorization") == "Bearer richtig":
            await route.continue_()
        else:
            problem = {"type": "urn:satzstrom:problem:unauthorized", "detail": "send a key"}
            await route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(problem))

    await page.route("**/v1/**", guard)
    await page.goto("/#/history")
    dialog = page.get_by_role("dialog", name="This pipeline asks for a key")
    await expect(dialog).to_have_count(1)
    await page.keyboard.type("falsch")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("This key is not known here")
    await expect(dialog.get_by_label("Key")).to_have_value("falsch")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Enter a key").click()
    await dialog.get_by_label("Key").fill("richtig")
    await page.keyboard.press("Enter")
    await expect(card(page, "Hinter dem Schloss")).to_be_visible()
    await expect(dialog).to_have_count(0)


async def test_while_the_network_is_away_it_says_so_and_goes_on_by_itself(page: Page, context: BrowserContext) -> None:
    await page.goto("/#/status")
    await expect(page.get_by_role("link", name="topics and events on Kafka")).to_be_visible()
    await context.set_offline(True)
    await expect(page.get_by_text("The pipeline cannot be reached")).to_be_visible(timeout=20_000)
    await page.get_by_role("link", name="History").click()
    await context.set_offline(False)
    await expect(page.get_by_text("The pipeline cannot be reached")).to_be_hidden(timeout=20_000)
    await expect(page.locator(".document").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (820, 1180), (390, 844), (844, 390)])
async def test_it_is_read_on_every_width_and_by_everybody(
    browser: Browser, address: str, width: int, height: int
) -> None:
    context = await browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, bypass_csp=True, reduced_motion="reduce"
    )
    page = await context.new_page()
    long = "Ein-sehr-langer-Name-ohne-eine-einzige-Luecke-" * 4
    await send(page, "wide-1", "Der Tapir schläft.", metadata={"title": long})
    await ended(page, "wide-1")
    await page.goto("/#/history?q=tapir&target=en")
    async with asyncio.timeout(30):
        while not await page.locator(".hit").count():
            await page.get_by_role("button", name="Search").click()
            await page.wait_for_timeout(300)
    await page.get_by_role("button", name=re.compile("^Delete Ein-sehr")).click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = (await Axe().run(page)).response["violations"]
        assert [entry for entry in found if entry["impact"] in ("serious", "critical")] == [], (scheme, width)
    overflow: int = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    await page.get_by_role("button", name="Undo").click()
    # No word is broken into letters: a button is as wide as what stands on it.
    for button in await page.locator(".document button").all():
        assert (box := await button.bounding_box()) is not None
        assert box["height"] < 50
    await context.close()


@pytest.mark.parametrize(("place", "asked"), [("history", "/v1/documents?"), ("status", "/v1/pipeline")])
async def test_who_does_not_look_asks_for_nothing(page: Page, place: str, asked: str) -> None:
    await page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => Boolean(window.away) })")
    answers: list[str] = []
    page.on("response", lambda response: answers.append(response.url) if asked in response.url else None)
    await send(page, f"watched-{place}", "Ein langer Satz, der dauert. " * 5000, metadata={"title": f"Läuft {place}"})
    await page.goto(f"/#/{place}")
    await expect(page.get_by_role("heading", name=place.capitalize(), exact=True)).to_be_visible()
    # While something is under way it is asked again every two seconds.
    async with page.expect_response(lambda response: asked in response.url):
        pass
    look = "(away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }"
    await page.evaluate(look, True)
    await asyncio.sleep(3)
    before = len(answers)
    await asyncio.sleep(3)
    assert len(answers) == before
    # Who looks again sees at once how it is.
    async with page.expect_response(lambda response: asked in response.url, timeout=1500):
        await page.evaluate(look, False)
    await page.request.post(f"/v1/documents/watched-{place}/cancel")
