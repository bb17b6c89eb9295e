"""Files of other kinds than text on the page, as its visitors have them."""

import asyncio
import base64
import io
import os
import re
import zipfile
from pathlib import Path

import docx
import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.test_page import done
from tests.conftest import ROOT

FORMATS = ROOT / "tests" / "data" / "formats"
pytestmark = pytest.mark.timeout(240)

# Gives a page files as a person does who drops them.
DROP = """([names, contents]) => {
  const given = new DataTransfer();
  const bytes = (coded) => Uint8Array.from(atob(coded), (one) => one.charCodeAt(0));
  names.forEach((name, at) => given.items.add(new File([bytes(contents[at])], name)));
  const event = new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


async def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files on the page, and send them."""
    await look_at(page, *files)
    await page.get_by_role("button", name="Translate").click()


async def look_at(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files on the page, which looks at them."""
    await page.goto("/")
    await expect(page.locator("#source option")).not_to_have_count(0)
    await page.evaluate(DROP, [[name for name, _ in files], [base64.b64encode(held).decode() for _, held in files]])


async def saved(page: Page, form: str | None = None, *, choice: str | None = None) -> tuple[str, bytes]:
    """Return the name and the content of what is downloaded; `choice`: the answer where not all of it is translated."""
    if form:
        await page.get_by_label("Download as").select_option(label=form)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
        if choice:
            await page.get_by_role("button", name=choice).click()
    found = await downloading.value
    return found.suggested_filename, await asyncio.to_thread((await found.path()).read_bytes)


async def picture(page: Page, name: str) -> None:
    """Take a picture, where a folder for pictures is named."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_word_file_is_dropped_and_comes_back_as_one(page: Page) -> None:
    content = (FORMATS / "docx/08-hidden-math-ruby-controls.docx").read_bytes()
    await drop(page, ("Vertrag für Müller.docx", content))
    await page.wait_for_url("**/#/d/*")
    await done(page)
    await expect(page.get_by_role("heading", name="Vertrag für Müller.docx")).to_be_visible()
    read = page.locator("summary")
    await expect(read).to_contain_text("Read as a Word document:")
    await expect(read).to_contain_text("left alone")
    await read.click()
    await expect(page.get_by_text(re.compile("left as (it is|they are)")).first).to_be_visible()
    await picture(page, "file-done")
    name, result = await saved(page)
    assert name == "Vertrag für Müller_en.docx"
    words = "\n".join(one.text for one in docx.Document(io.BytesIO(result)).paragraphs)
    assert "⟦" in words
    name, result = await saved(page, "Side by side (Word)")
    assert name == "Vertrag für Müller.de-en.docx"
    assert len(docx.Document(io.BytesIO(result)).tables[0].rows) > 3
    assert (await saved(page, "For translation programs (XLIFF)"))[0] == "Vertrag für Müller.de-en.xlf"


async def test_the_contents_of_a_word_file_are_its_headings(page: Page) -> None:
    await drop(page, ("Vertrag.docx", (FORMATS / "docx/12-contract.docx").read_bytes()))
    await page.wait_for_url("**/#/d/*")
    await done(page)
    document = page.url.rpartition("/")[2].partition("?")[0]
    outline = (await (await page.request.get(f"/v1/documents/{document}/outline")).json())["items"]
    assert len(outline) > 2
    await page.get_by_role("button", name="Contents").click()
    entries = page.get_by_role("dialog", name="Contents").locator("li")
    await expect(entries).to_have_count(len(outline))
    last = outline[-1]
    await expect(entries.last).to_contain_text(last["translation"])
    await picture(page, "file-contents")
    await entries.last.get_by_role("button").click()
    await expect(page.get_by_role("heading", name=last["translation"])).to_be_in_viewport()
    await expect(page).to_have_url(re.compile(rf"\?s={re.escape(last['position'])}$"))


async def test_a_book_can_be_had_while_it_is_translated(page: Page) -> None:
    book = longer((FORMATS / "epub/01-epub3.epub").read_bytes())
    await drop(page, ("Buch.epub", book))
    await page.wait_for_url("**/#/d/*")
    await expect(page.locator(".target .s").filter(has_text="⟦").first).to_be_visible(timeout=30_000)
    name, partly = await saved(page, choice="Take it with the German in its place")
    assert name == "Buch_en.epub"
    await picture(page, "file-growing")
    await done(page)
    _, wholly = await saved(page)
    counts = [text_of(one).count("⟦") for one in (partly, wholly)]
    assert 0 < counts[0] < counts[1]


def longer(book: bytes) -> bytes:
    """Return a book whose chapters have a thousand paragraphs more."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(".xhtml") and b"nav" not in entry.filename.encode():
                more = "".join(f"<p>Das ist Absatz {number}. Er ist kurz.</p>" for number in range(1000))
                content = content.replace(b"</body>", more.encode() + b"</body>")
            new.writestr(entry, content)
    return made.getvalue()


def text_of(book: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return "".join(opened.read(name).decode("utf-8", "replace") for name in opened.namelist())


async def test_a_pdf_comes_back_as_word_file_or_page(page: Page) -> None:
    await drop(page, ("bericht.pdf", (FORMATS / "pdf/02-two-columns.pdf").read_bytes()))
    await page.wait_for_url("**/#/d/*")
    await done(page)
    name, result = await saved(page)
    assert name == "bericht_en.docx"
    assert "⟦Der Brand von 1908⟧" in [one.text for one in docx.Document(io.BytesIO(result)).paragraphs]
    name, result = await saved(page, "Document (html)")
    assert name == "bericht_en.html"
    assert "<h1>⟦Der Brand von 1908⟧</h1>" in result.decode()


async def test_several_files_are_all_taken(page: Page) -> None:
    await drop(
        page,
        ("film.srt", (FORMATS / "srt/01-film.srt").read_bytes()),
        ("folien.pptx", (FORMATS / "pptx/01-slides.pptx").read_bytes()),
        ("notiz.txt", b"Ein Satz."),
    )
    await expect(page.locator("li.taken")).to_have_count(3)
    await page.get_by_role("link", name="History").click()
    for name in ("film.srt", "folien.pptx", "notiz.txt"):
        await expect(page.get_by_role("link", name=name)).to_be_visible()


async def test_other_kinds_are_refused_by_name_before_anything_is_sent(page: Page) -> None:
    sent: list[str] = []

    async def note(route: Route) -> None:
        if route.request.method != "GET":
            sent.append(route.request.url)
        await route.continue_()

    await page.route("**/v1/**", note)
    await look_at(page, ("gut.docx", b"PK\x03\x04"), ("bild.jpg", b"x"), ("archiv.zip", b"x"), ("ALT.DOC", b"x"))
    refused = page.get_by_role("listitem").filter(
        has_text="Not taken: Files of this kind are not translated. Send txt, "
    )
    await expect(refused).to_have_count(2)
    await expect(refused.nth(0)).to_contain_text("bild.jpg")
    await expect(refused.nth(1)).to_contain_text("docx")
    old = page.get_by_role("listitem").filter(has_text="Save it as docx, and send that.")
    await expect(old).to_contain_text("ALT.DOC")
    await expect(page.get_by_role("button", name="Translate 1 file")).to_be_visible()
    assert sent == []
    await picture(page, "file-refused")


@pytest.mark.refused_files
async def test_what_cannot_be_read_is_said_with_what_to_do(page: Page) -> None:
    for name, sent, what in (
        ("geheim.pdf", "bad/password.pdf", "save it without one and send it again"),
        ("scan.pdf", "pdf/03-scan.pdf", "ocrmypdf"),
    ):
        await drop(page, (name, (FORMATS / sent).read_bytes()))
        await expect(page.get_by_role("listitem").filter(has_text=name)).to_contain_text("Not taken: ")
        await expect(page.get_by_role("listitem").filter(has_text=name)).to_contain_text(what)
    # Nothing of them is left, neither here nor there.
    await page.reload()
    await expect(page.get_by_role("button", name="Translate")).to_be_visible()
    assert await page.get_by_text("broke off").count() == 0
    listed = await (await page.request.get("/v1/documents")).json()
    assert not [one for one in listed["items"] if one["metadata"].get("filename") in ("geheim.pdf", "scan.pdf")]
