"""Texts translated while they are typed, and files on their way, as their senders see them."""

import asyncio
import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Dialog, FilePayload, Page, Route, expect

from tests.browser.test_files import DROP, FORMATS, picture
from tests.browser.test_page import done, download, file

pytestmark = pytest.mark.timeout(240)
TEXT = "Text, or drop files here"


async def opened(page: Page) -> None:
    await page.goto("/")
    await expect(page.locator("#source option")).not_to_have_count(0)


async def drop_on(page: Page, *files: tuple[str, bytes]) -> None:
    await page.evaluate(DROP, [[name for name, _ in files], [base64.b64encode(held).decode() for _, held in files]])


def row(page: Page, name: str) -> Any:
    return page.get_by_role("list", name="Files").get_by_role("listitem").filter(has_text=name)


async def hold(page: Page, pattern: str) -> asyncio.Event:
    """Keep requests to addresses that match a pattern waiting until the event that is returned is set."""
    going = asyncio.Event()

    async def held(route: Route) -> None:
        await going.wait()
        await route.continue_()

    await page.route(re.compile(pattern), held)
    return going


def order_of(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(route.request.post_data or "{}")
    return found


async def documents(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await (await page.request.get("/v1/documents?limit=100")).json())["items"]
    return found


async def test_what_is_asked_for_before_the_languages_are_known_is_done_then(page: Page) -> None:
    known = await hold(page, r"/v1/pairs")
    await page.goto("/")
    await page.get_by_label(TEXT).fill("Früh am Morgen. Noch ist niemand da.")
    await page.keyboard.press("Control+Enter")
    known.set()
    await page.wait_for_url("**/#/d/*")


async def test_a_text_is_translated_beside_it_while_it_is_typed(page: Page) -> None:
    await opened(page)
    before = len(await documents(page))
    await page.get_by_label("From").select_option("auto")
    field, beside = page.get_by_label(TEXT), page.get_by_role("group", name="Translation")
    await field.press_sequentially("Guten Tag.\n\n  Wie geht es Ihnen?", delay=15)
    # The first text of all makes the pipeline load what detects languages.
    await expect(beside).to_have_text("⟦Guten Tag.⟧\n\n  ⟦Wie geht es Ihnen?⟧", use_inner_text=True, timeout=30_000)
    await expect(page.get_by_text("Detected: German")).to_be_visible()
    await expect(page.get_by_text("32 characters")).to_be_visible()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("Copied.")).to_be_visible()
    assert await page.evaluate("() => navigator.clipboard.readText()") == "⟦Guten Tag.⟧\n\n  ⟦Wie geht es Ihnen?⟧"
    await picture(page, "typed")
    # What is too long for that is said to become a document.
    await field.fill("Ein Satz. " * 501)
    await expect(page.get_by_text("Up to 5,000 characters are translated as you type.")).to_be_visible()
    await expect(beside).to_have_text("")
    await page.get_by_role("button", name="Clear and forget").click()
    await expect(field).to_be_focused()
    assert await page.evaluate("() => sessionStorage.length") == 0
    assert len(await documents(page)) == before


async def test_no_older_answer_overwrites_a_newer_one(page: Page) -> None:
    asked: list[str] = []
    running = most = 0

    async def slow(route: Route) -> None:
        nonlocal running, most
        asked.append(order_of(route)["text"])
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.6 if len(asked) == 1 else 0.05)
        running -= 1
        await route.continue_()

    await opened(page)
    await page.route("**/v1/translate", slow)
    field, beside = page.get_by_label(TEXT), page.get_by_role("group", name="Translation")
    await field.fill("Eins.")
    async with asyncio.timeout(10):
        while not asked:
            await asyncio.sleep(0.02)
    for text in ("Eins. Zwei.", "Eins. Zwei. Drei."):
        await field.fill(text)
    await expect(beside).to_have_text("⟦Eins.⟧ ⟦Zwei.⟧ ⟦Drei.⟧")
    assert (asked, most) == (["Eins.", "Eins. Zwei. Drei."], 1)
    # An answer for what was cleared away shows nothing any more.
    asked.clear()
    await field.fill("Weg damit.")
    async with asyncio.timeout(10):
        while not asked:
            await asyncio.sleep(0.02)
    await field.fill("")
    await page.wait_for_timeout(900)
    await expect(beside).to_have_text("")


async def test_a_sentence_is_chosen_by_keyboard_and_shows_what_else_it_could_be(page: Page) -> None:
    async def tell(route: Route) -> None:
        # The engine of these tests knows one wording.
        answer = await route.fetch()
        found = await answer.json()
        if order_of(route).get("alternatives"):
            found["sentences"][0]["alternatives"] = ["Zweitens", "Drittens"]
        else:
            found["sentences"][1]["suspect"] = ["numbers"]
        await route.fulfill(response=answer, json=found)

    await opened(page)
    await page.route("**/v1/translate", tell)
    field, beside = page.get_by_label(TEXT), page.get_by_role("group", name="Translation")
    await field.fill("Ein Satz. Noch einer mit 7 Wörtern.")
    sentences = beside.get_by_role("button")
    await expect(sentences).to_have_count(2)
    await expect(sentences.nth(1)).to_have_attribute("title", re.compile("^Doubtful: a number"))
    await sentences.nth(0).focus()
    await page.keyboard.press("ArrowRight")
    await expect(sentences.nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    other = page.get_by_role("region", name="Other wordings")
    await expect(other).to_contain_text("Noch einer mit 7 Wörtern.")
    await expect(other).to_contain_text("Doubtful: a number")
    await expect(other.get_by_role("button", name="Zweitens")).to_be_focused()
    await picture(page, "wordings")
    await page.keyboard.press("Escape")
    await expect(other).to_be_hidden()
    await expect(sentences.nth(1)).to_be_focused()
    await sentences.nth(1).click()
    await other.get_by_role("button", name="Drittens").click()
    await expect(beside).to_have_text("⟦Ein Satz.⟧ Drittens")
    # It stays while the text goes on.
    await field.press("End")
    await field.press_sequentially(" Ende.")
    await expect(beside).to_have_text("⟦Ein Satz.⟧ Drittens ⟦Ende.⟧")


async def test_languages_and_texts_change_places(page: Page) -> None:
    async def both_ways(route: Route) -> None:
        answer = await route.fetch()
        found = await answer.json()
        found["pairs"].append(dict(found["pairs"][0], source="en", target="de"))
        await route.fulfill(response=answer, json=found)

    asked: list[dict[str, Any]] = []

    async def answered(route: Route) -> None:
        order = order_of(route)
        asked.append(order)
        words = {"Guten Tag.": "Good day.", "Good day.": "Guten Tag."}[order["text"]]
        sentence = {"source": order["text"], "translation": words, "span": [0, len(order["text"])], "suspect": []}
        detected = "de" if order["source"] == "auto" else None
        await route.fulfill(
            json={"detected": detected, "target": order["target"], "text": words, "sentences": [sentence]}
        )

    await opened(page)
    await expect(page.get_by_role("button", name="Swap languages and texts")).to_be_disabled()
    await page.route("**/v1/pairs", both_ways)
    await page.route("**/v1/translate", answered)
    await page.reload()
    field, beside = page.get_by_label(TEXT), page.get_by_role("group", name="Translation")
    await page.get_by_label("From").select_option("auto")
    await field.fill("Guten Tag.")
    await expect(beside).to_have_text("Good day.")
    await page.get_by_role("button", name="Swap languages and texts").click()
    await expect(field).to_have_value("Good day.")
    await expect(beside).to_have_text("Guten Tag.")
    assert [(one["source"], one["target"]) for one in asked] == [("auto", "en"), ("en", "de")]


@pytest.mark.refused_files
async def test_what_is_typed_is_lost_neither_on_the_way_nor_offline_nor_by_a_wrong_key(page: Page) -> None:
    await opened(page)
    field, beside = page.get_by_label(TEXT), page.get_by_role("group", name="Translation")
    await field.fill("Das bleibt stehen.")
    await expect(beside).to_have_text("⟦Das bleibt stehen.⟧")
    await page.get_by_role("link", name="History").click()
    await page.get_by_role("link", name="Translate", exact=True).click()
    await expect(field).to_have_value("Das bleibt stehen.")
    await expect(beside).to_have_text("⟦Das bleibt stehen.⟧")
    await page.reload()
    await expect(field).to_have_value("Das bleibt stehen.")
    # Without a network: said, and made good when it is back.
    await page.route("**/v1/translate", lambda route: route.abort())
    await field.fill("Das auch.")
    await expect(page.get_by_text("The server cannot be reached. Your text is kept")).to_be_visible()
    await page.unroute("**/v1/translate")
    await expect(beside).to_have_text("⟦Das auch.⟧", timeout=15_000)
    # A key that is none.
    problem = {"type": "urn:satzstrom:problem:unauthorized", "detail": "send a key in the header 'Authorization'"}
    await page.route("**/v1/translate", lambda route: route.fulfill(status=401, json=problem))
    await field.fill("Und das.")
    await page.get_by_role("button", name="Not now").click()
    await expect(page.get_by_text("Without a key this pipeline shows and takes nothing.").first).to_be_visible()
    await expect(field).to_have_value("Und das.")
    await page.reload()
    await expect(field).to_have_value("Und das.")


async def test_without_https_it_is_copied_all_the_same_or_said_how(page: Page) -> None:
    await page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })")
    await opened(page)
    await page.get_by_label(TEXT).fill("Guten Tag.")
    await expect(page.get_by_role("group", name="Translation")).to_have_text("⟦Guten Tag.⟧")
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("Copied.")).to_be_visible()
    await page.evaluate("() => { document.execCommand = () => false }")
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("The text is selected: press Ctrl-C")).to_be_visible()
    assert await page.evaluate("() => getSelection().toString()") == "⟦Guten Tag.⟧"


@pytest.mark.refused_files
async def test_of_several_files_one_that_is_bad_stops_no_other_and_none_is_sent_twice(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if "/parts/" in one.url and one.method == "PUT" else None)
    await page.goto("/#/history")
    # Dropped anywhere, on any page, files lead to where they are sent.
    await drop_on(
        page,
        ("erste.txt", b"Eins."),
        ("alt.txt", "Größe und Maß.".encode("cp1252")),
        ("leer.txt", b""),
        ("bild.jpg", b"x"),
        ("brief.docx", b"PK\x03\x04 and nothing of it"),
        ("zweite.txt", b"Zwei."),
    )
    await page.wait_for_url("**/#/")
    await expect(row(page, "leer.txt")).to_contain_text("Not taken: The file is empty.")
    await expect(row(page, "bild.jpg")).to_contain_text("Not taken: Files of this kind are not translated.")
    await expect(row(page, "alt.txt")).to_contain_text("windows-1252 Größe und Maß.")
    await page.get_by_label(TEXT).fill("Und ein Text.")
    await page.get_by_role("button", name="Translate the text and 4 files").click()
    for name in ("erste.txt", "alt.txt", "zweite.txt", "The text of 13 characters"):
        await expect(row(page, name)).to_contain_text("Taken.")
    await expect(row(page, "brief.docx")).to_contain_text("Not taken:")
    await expect(page.get_by_label(TEXT)).to_have_value("")
    await picture(page, "several")
    await page.get_by_role("button", name="Translate", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("choose a file first")
    assert len(sent) == len(set(sent)) == 4
    # They are a batch.
    batch = sent[0].split("/documents/")[1].split(".")[0]
    found = await (await page.request.get(f"/v1/batches/{batch}")).json()
    assert [one["filename"] for one in found["documents"][:4]] == ["erste.txt", "alt.txt", "brief.docx", "zweite.txt"]
    assert [bool(one["problem"]) for one in found["documents"]] == [False, False, True, False, False]
    await row(page, "alt.txt").get_by_role("link", name="Read alt.txt").click()
    await expect(page.get_by_text("⟦Größe und Maß.⟧")).to_be_visible()
    # What was refused is remembered nowhere.
    await page.goto("/")
    await page.reload()
    await expect(page.get_by_role("button", name="Translate")).to_be_visible()
    assert await page.get_by_text("broke off").count() == 0
    assert "brief.docx" not in [one["metadata"].get("filename") for one in await documents(page)]


@pytest.mark.refused_files
async def test_a_byte_that_is_wrong_late_in_a_text_is_found_before_anything_is_sent(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
    await opened(page)
    late = ("Ein Absatz mit einem Satz.\n\n" * 30_000).encode() + "Schöne Grüße.".encode("cp1252")
    await page.set_input_files("#file", {"name": "spät.txt", "mimeType": "text/plain", "buffer": late})
    await expect(row(page, "spät.txt").get_by_role("radio", name="windows-1252")).to_be_checked()
    await expect(row(page, "spät.txt")).to_contain_text("Schöne Grüße.")
    assert sent == []


async def stuck_at(page: Page, place: str) -> list[str]:
    """Let an upload hang at a place; return what is sent until then."""
    sent: list[str] = []

    async def stuck(route: Route) -> None:
        if place in route.request.url or place in (route.request.headers.get("content-range") or ""):
            return  # Never answered.
        sent.append(route.request.url)
        await route.continue_()

    await page.route(re.compile(r"/v1/(documents/.*/parts|files)/"), stuck)
    return sent


async def test_uploads_go_on_while_other_pages_are_read(page: Page) -> None:
    await opened(page)
    waiting = await hold(page, r"/parts/2\?")
    text = "Ein Absatz mit einem Satz.\n\n" * 9000
    await page.set_input_files("#file", file("lang.txt", text))
    await page.get_by_role("button", name="Translate").click()
    await expect(row(page, "lang.txt")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    await page.get_by_role("link", name="History").click()
    await expect(page.get_by_role("link", name=re.compile("^Sending, "))).to_be_visible()
    await picture(page, "background")
    waiting.set()
    await expect(page.get_by_role("link", name=re.compile("^Sending"))).to_be_hidden(timeout=20_000)
    await page.get_by_role("link", name="Translate", exact=True).click()
    await row(page, "lang.txt").get_by_role("link", name="Read lang.txt").click()
    await done(page)
    assert await download(page) == text


async def test_several_uploads_that_broke_off_are_remembered_and_go_on(page: Page) -> None:
    text = "Ein Absatz mit einem Satz.\n\n" * 5000
    book: FilePayload = {"name": "buch.txt", "mimeType": "text/plain", "buffer": text.encode()}
    html = b"<p>Eins.</p><!--" + b"x" * 2_500_000 + b"--><p>Zwei.</p>"
    large: FilePayload = {"name": "seite.html", "mimeType": "text/html", "buffer": html}
    await opened(page)
    sent = await stuck_at(page, "/parts/1")
    await page.set_input_files("#file", book)
    await page.get_by_role("button", name="Translate").click()
    await expect(row(page, "buch.txt")).to_contain_text("Sending, ")
    async with asyncio.timeout(20):
        while not sent:
            await asyncio.sleep(0.05)
    await page.unroute(re.compile(r"/v1/(documents/.*/parts|files)/"))
    await page.reload()
    await stuck_at(page, "bytes 1048576-")
    await page.set_input_files("#file", large)
    await page.get_by_role("button", name="Translate 1 file").click()
    await expect(row(page, "seite.html")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    await page.unroute(re.compile(r"/v1/(documents/.*/parts|files)/"))
    await page.reload()
    await expect(page.get_by_text("The upload of buch.txt broke off")).to_be_visible()
    await expect(page.get_by_text("The upload of seite.html broke off after")).to_be_visible()
    await picture(page, "broke-off")
    again: list[str] = []
    page.on(
        "request",
        lambda one: again.append(f"{one.url} {one.headers.get('content-range')}") if one.method == "PUT" else None,
    )
    await page.set_input_files("#file", [book, large])
    await expect(page.get_by_text("Goes on where it broke off.")).to_have_count(2)
    await expect(page.get_by_text("broke off after")).to_have_count(0)
    await page.get_by_role("button", name="Translate 2 files").click()
    await expect(page.locator("li.taken")).to_have_count(2, timeout=30_000)
    assert not any("/parts/0?" in one or "bytes 0-" in one for one in again)
    assert await page.evaluate("() => localStorage.getItem('satzstrom-uploads')") == "[]"


async def test_an_upload_that_broke_off_can_be_given_up_and_one_under_way_stopped(page: Page) -> None:
    text = "Ein Absatz mit einem Satz.\n\n" * 5000
    await opened(page)
    await stuck_at(page, "/parts/1")
    await page.set_input_files("#file", file("weg.txt", text))
    await page.get_by_role("button", name="Translate").click()
    await expect(row(page, "weg.txt").get_by_role("link", name="Read what is there of weg.txt")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Give up weg.txt").click()
    await expect(page.get_by_text("The upload of weg.txt")).to_have_count(0)
    await page.set_input_files("#file", file("halt.txt", text))
    await page.get_by_role("button", name="Translate").click()
    await expect(row(page, "halt.txt").get_by_role("link", name="Read what is there of halt.txt")).to_be_visible()
    await row(page, "halt.txt").get_by_role("button", name="Stop: halt.txt").click()
    await expect(row(page, "halt.txt")).to_have_count(0)
    left = [one["metadata"].get("filename") for one in await documents(page)]
    assert not {"weg.txt", "halt.txt"} & set(left)


async def test_a_long_text_that_was_pasted_is_pasted_again_and_goes_on(page: Page) -> None:
    # Few lines: Chromium takes minutes to put thousands of them into a field in one piece.
    text = "\n\n".join("Das ist ein Satz von vielen, und er steht da. " * 87 for _ in range(20))
    assert len(text) > 80_000
    await opened(page)
    sent = await stuck_at(page, "/parts/1")
    field = page.get_by_label(TEXT)
    await field.fill(text)
    await page.get_by_role("button", name="Translate as a document").click()
    async with asyncio.timeout(20):
        while not sent:
            await asyncio.sleep(0.05)
    await expect(row(page, "The text of")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    document = sent[0].split("/documents/")[1].split("/")[0]
    async with asyncio.timeout(30):
        while not (await (await page.request.get(f"/v1/documents/{document}/parts")).json())["items"]:
            await asyncio.sleep(0.1)
    await page.reload()
    await page.unroute(re.compile(r"/v1/(documents/.*/parts|files)/"))
    await expect(page.get_by_text("broke off after")).to_contain_text("Paste the same text again and send it to go on")
    # It stands there still; who has cleared it pastes it.
    await expect(field).to_have_value(text)
    await page.get_by_role("button", name="Clear and forget").click()
    await field.fill(text)
    again: list[str] = []
    page.on("request", lambda one: again.append(one.url) if one.method == "PUT" else None)
    await page.get_by_role("button", name="Translate as a document").click()
    await page.wait_for_url(f"**/#/d/{document}")
    await done(page)
    assert [one.split("/documents/")[1].split("?")[0] for one in again] == [f"{document}/parts/1"]
    assert await download(page) == text
    await page.goto("/")
    await expect(page.get_by_text("broke off")).to_have_count(0)


async def test_title_glossary_and_memory_are_those_that_were_chosen(page: Page) -> None:
    terms = {"source": "de", "target": "en", "entries": {"Vertrag": "contract"}}
    made = await (await page.request.post("/v1/glossaries", data={"name": "Gewählt", "dictionaries": [terms]})).json()
    word = (FORMATS / "docx/12-contract.docx").read_bytes()
    for name, content in (("", b""), ("vertrag.txt", b"Der Vertrag gilt."), ("vertrag.docx", word)):
        await opened(page)
        await page.get_by_text("Options", exact=True).click()
        await page.get_by_label("Glossary").select_option("Gewählt")
        await page.get_by_label("Use the translation memory").uncheck()
        await page.get_by_label("Title (of a single document)").fill(f"Titel von {name or 'Text'}")
        if name:
            await drop_on(page, (name, content))
        else:
            await page.get_by_label(TEXT).fill("Der Vertrag gilt.")
        async with page.expect_request(lambda one: one.method != "GET" and "/v1/documents" in one.url) as sending:
            await page.get_by_role("button", name=re.compile("^Translate (1 file|as a document)")).click()
        assert "memory=off" in (await sending.value).url
        await page.wait_for_url("**/#/d/*")
        await done(page)
        document = page.url.rpartition("/")[2].partition("?")[0]
        status = await (await page.request.get(f"/v1/documents/{document}")).json()
        assert (status["name"], status["glossary"]["id"]) == (f"Titel von {name or 'Text'}", made["id"])
        assert status["sentences"]["missed"] > 0
    # What is not chosen is not sent.
    await opened(page)
    await page.get_by_label(TEXT).fill("Der Vertrag gilt.")
    async with page.expect_request(lambda one: one.method == "PUT") as sending:
        await page.keyboard.press("Control+Enter")
    assert not re.search("memory=|glossary=|title=", (await sending.value).url)
    await page.request.delete(f"/v1/glossaries/{made['id']}")


async def test_who_would_lose_something_is_asked_before_the_page_is_left(page: Page) -> None:
    await opened(page)
    going = await hold(page, r"/parts/1\?")
    await page.set_input_files("#file", file("lang.txt", "Ein Absatz mit einem Satz.\n\n" * 5000))
    await page.get_by_role("button", name="Translate 1 file").click()
    await expect(row(page, "lang.txt")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))

    async def asked() -> bool:
        """Want the page closed; return whether it asks, and stay."""
        questions: list[str] = []

        async def stay(question: Dialog) -> None:
            questions.append(question.type)
            await question.dismiss()

        page.once("dialog", stay)
        await page.close(run_before_unload=True)
        async with asyncio.timeout(20):
            while not questions and not page.is_closed():
                await asyncio.sleep(0.05)
        return questions == ["beforeunload"]

    assert await asked()
    going.set()
    await page.wait_for_url("**/#/d/*")
    # A text that no browser keeps: it would be gone. Browsers ask only who has done something on the page.
    await page.goto("/")
    await page.get_by_label(TEXT).click()
    await page.get_by_label(TEXT).evaluate(
        "node => { node.value = 'Lang. '.repeat(1e6); node.dispatchEvent(new Event('input')); }"
    )
    await expect(page.get_by_text("6,000,000 characters")).to_be_visible()
    assert await asked()
    await page.get_by_role("button", name="Clear and forget").click()
    assert not await asked()


async def test_a_folder_is_dropped_with_all_that_is_in_it(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "Briefe"
    (folder / "alt").mkdir(parents=True)
    for name in ("eins.txt", "zwei.txt", "alt/drei.txt"):
        (folder / name).write_text(f"Das ist {name}.")
    await page.goto("/#/history")
    await expect(page.get_by_role("search")).to_be_visible()
    # As the system gives the browser what is dragged into its window.
    hand = await page.context.new_cdp_session(page)
    dragged = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for what in ("dragEnter", "dragOver", "drop"):
        await hand.send("Input.dispatchDragEvent", {"type": what, "x": 300, "y": 300, "data": dragged})
    await page.wait_for_url("**/#/")
    for name in ("eins.txt", "zwei.txt", "drei.txt"):
        await expect(row(page, name)).to_contain_text("Ready")
    await page.get_by_role("button", name="Translate 3 files").click()
    await expect(page.locator("li.taken")).to_have_count(3)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (820, 1180), (390, 844), (844, 390)])
async def test_it_is_seen_and_heard_at_every_width(browser: Browser, address: str, width: int, height: int) -> None:
    context = await browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, bypass_csp=True, reduced_motion="reduce"
    )
    page = await context.new_page()
    await opened(page)
    await page.get_by_label(TEXT).fill("Guten Tag. " + "Donaudampfschifffahrtsgesellschaft" * 4 + ".")
    await expect(page.get_by_role("group", name="Translation")).to_contain_text("⟦Guten Tag.⟧")
    name = "ein-sehr-langer-name-" * 6 + ".txt"
    await drop_on(page, ("alt.txt", "Größe.".encode("cp1252")), ("bild.jpg", b"x"), (name, b"Eins."))
    await expect(row(page, "bild.jpg")).to_contain_text("Not taken")
    await page.get_by_text("Options", exact=True).click()
    await page.get_by_role("group", name="Translation").get_by_role("button").first.click()
    await expect(page.get_by_text("The model knows no other wording.")).to_be_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        found = (await Axe().run(page)).response["violations"]
        assert [entry for entry in found if entry["impact"] in ("serious", "critical")] == [], (scheme, width)
    overflow: int = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    await picture(page, f"translating-{width}")
    await context.close()
