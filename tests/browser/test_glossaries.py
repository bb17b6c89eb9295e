"""Glossaries on the page: made, searched, edited, downloaded, deleted; by keyboard, and on a phone."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, FilePayload, Page, expect

pytestmark = pytest.mark.timeout(240)

TABLE = "de;en\r\nVertrag;contract\r\nKaution;deposit\r\nKündigung;notice\r\n"


def file(name: str, text: str, encoding: str = "cp1252") -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode(encoding)}


async def begin(page: Page) -> None:
    await page.goto("/#/glossaries")
    await expect(page.get_by_role("heading", name="New glossary")).to_be_visible()


async def made(page: Page, name: str, terms: str = TABLE) -> None:
    """Make a glossary from what is pasted, and see it."""
    await begin(page)
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Terms, a line each").fill(terms)
    await page.get_by_role("button", name="Create glossary").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


async def test_a_glossary_from_its_making_to_its_end(page: Page) -> None:
    await made(page, "Mietrecht")
    await expect(page.get_by_text("3 terms. Documents can use it from German into English.")).to_be_visible()
    rows = page.locator(".entries li")
    await expect(rows).to_have_count(3)
    await page.get_by_label("Term", exact=True).fill("Haus")
    await page.get_by_label("Translation", exact=True).fill("house")
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(4)
    await expect(page.get_by_label("Term", exact=True)).to_be_focused()
    await page.get_by_role("button", name="Edit Haus").press("Enter")
    await page.get_by_label("Translation", exact=True).last.fill("villa")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("villa")).to_be_visible()
    await page.get_by_role("button", name="Edit Haus").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Edit Haus")).to_be_focused()
    await page.get_by_label("Search").fill("KÜND")
    await expect(rows).to_have_count(1)
    await expect(page.get_by_role("status")).to_have_text("1 of 4 terms")
    await page.get_by_role("button", name="Remove Kündigung").click()
    await page.get_by_label("Search").fill("")
    await expect(rows).to_have_count(3)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download as TSV").click()
    download = await downloading.value
    assert download.suggested_filename == "Mietrecht.tsv"
    assert (await download.path()).read_text().splitlines() == [
        "de\ten",
        "Vertrag\tcontract",
        "Kaution\tdeposit",
        "Haus\tvilla",
    ]
    await page.get_by_role("button", name="Rename").click()
    await page.get_by_label("New name").fill("Kaufrecht")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Kaufrecht")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Cancel").click()
    await expect(rows).to_have_count(3)
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete glossary").click()
    await expect(page.get_by_role("heading", name="New glossary")).to_be_visible()
    await expect(page.get_by_role("link", name="Kaufrecht")).to_have_count(0)


@pytest.mark.refused_files
async def test_files_and_what_is_wrong_with_them(page: Page) -> None:
    await begin(page)
    chooser = page.get_by_label("From a file").first
    await chooser.set_input_files(file("Immobilien.csv", "Grundstück;plot\r\nKäufer;buyer\r\nGrundstück;property\r\n"))
    await expect(page.get_by_role("alert")).to_contain_text(
        "line 3: 'Grundstück' is 'property' here, and 'plot' in line 1"
    )
    await chooser.set_input_files(file("Immobilien.csv", "Grundstück;plot\r\nKäufer;buyer\r\n"))
    await expect(page.get_by_role("heading", name="Immobilien")).to_be_visible()
    await expect(page.locator(".entries li")).to_have_count(2)
    # A file that names its languages itself, whatever is chosen.
    await page.get_by_label("Add from a file").first.set_input_files(file("mehr.csv", "fr;en\nmaison;house\n"))
    await expect(page.get_by_text("French into English")).not_to_have_count(0)
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete glossary").click()
    await expect(page.get_by_role("link", name="Immobilien")).to_have_count(0)


@pytest.mark.refused_files
async def test_who_is_overtaken_is_told(page: Page) -> None:
    await made(page, "Zu zweit")
    address = f"/v1/glossaries/{page.url.rpartition('/')[2]}/entries"
    body = {"source": "de", "target": "en", "entries": {"Boden": "soil"}}
    assert (await page.request.patch(address, data=body)).ok
    await page.get_by_label("Term", exact=True).fill("Dach")
    await page.get_by_label("Translation", exact=True).fill("roof")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("alert").first).to_contain_text("somebody has changed the glossary")
    # It is read again, what was typed is still there, and the second try succeeds.
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator(".entries li")).to_have_count(5)


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 800, "light"), (820, 1180, "light"), (390, 844, "dark"), (844, 390, "light")]
)
async def test_glossaries_for_everybody(browser: Browser, address: str, width: int, height: int, scheme: str) -> None:
    """On a screen of any width, with a screen reader, in both colours."""
    context = await browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = await context.new_page()
    long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
    await made(
        page, f"Lang {width}", f"{TABLE}{long};badge of the cap of a captain of the Danube steamship company\r\n"
    )
    await expect(page.locator(".entries li")).to_have_count(4)
    await page.get_by_role("button", name="Edit Kaution").click()
    for place in (page.url, "/#/glossaries"):
        await page.goto(place)
        found = (await Axe().run(page)).response["violations"]
        serious = [entry for entry in found if entry["impact"] in ("serious", "critical")]
        assert serious == [], (place, scheme, width)
        overflow: int = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{place} is wider than a screen of {width}"
    await context.close()
