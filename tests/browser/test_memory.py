"""The translation memory on its page: in, found, out and gone."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

pytestmark = pytest.mark.timeout(120)

TMX = (
    '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="de"/><body>'
    + "".join(
        f'<tu><tuv xml:lang="de"><seg>Die Wohnung Nummer {number} ist {"sehr " * 20}klein.</seg></tuv>'
        f'<tuv xml:lang="en"><seg>Flat number {number} is small.</seg></tuv></tu>'
        for number in range(60)
    )
    + "{rest}</body></tmx>"
)


async def opened(page: Page) -> None:
    await page.request.delete("/v1/memory?everything=true")
    await page.goto("/#/memory")
    await expect(page.get_by_text("There is nothing here yet")).to_be_visible()


async def test_sentences_come_are_found_and_go(page: Page, tmp_path: Path) -> None:
    await opened(page)
    await page.get_by_text("Add a sentence").click()
    await page.get_by_label("Sentence", exact=True).fill("Die Miete ist <b>hoch</b>.")
    await page.get_by_label("Its translation").fill("The rent is <b>high</b>.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listitem")).to_contain_text("The rent is <b>high</b>.")
    file = tmp_path / "meine.tmx"
    file.write_text(TMX.replace("{rest}", ""), encoding="utf-8")
    await page.locator("#memory-file").set_input_files(file)
    await expect(page.get_by_text("meine.tmx: 60 new; 0 known already.")).to_be_visible()
    await expect(page.get_by_text("61 sentences of people")).to_be_visible()
    await expect(page.get_by_role("listitem")).to_have_count(50)
    await page.get_by_role("button", name="More").click()
    await expect(page.get_by_role("listitem")).to_have_count(61)
    await page.get_by_label("Words in source").fill("MIETE")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listitem")).to_have_count(1)
    await page.get_by_role("button", name="Delete “Die Miete").click()
    await expect(page.get_by_text("Nothing was found.")).to_be_visible()
    await expect(page.get_by_text("60 sentences of people")).to_be_visible()
    await page.get_by_label("Words in source").fill("")
    await page.keyboard.press("Enter")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export TMX").click()
    assert (await (await download.value).path()).read_text(encoding="utf-8").count("<tu ") == 60
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Delete all of these").click()
    await expect(page.get_by_text("There is nothing here yet")).to_be_visible()


@pytest.mark.refused_files
async def test_a_bad_file_is_named_with_what_of_it_is_there(page: Page, tmp_path: Path) -> None:
    await opened(page)
    file = tmp_path / "kaputt.tmx"
    file.write_text(TMX.replace("{rest}", "<tu></oops>"), encoding="utf-8")
    await page.locator("#memory-file").set_input_files(file)
    await expect(page.get_by_role("alert")).to_contain_text("kaputt.tmx: the file is no well-formed TMX")
    await expect(page.get_by_role("alert")).to_contain_text("60 units before line 1 are in the memory")
    await expect(page.get_by_text("60 sentences of people")).to_be_visible()


@pytest.mark.parametrize("size", [(1280, 800), (820, 1180), (390, 844), (844, 390)])
async def test_it_is_read_at_every_width(page: Page, size: tuple[int, int]) -> None:
    await opened(page)
    await page.request.post("/v1/memory/tmx", data=TMX.replace("{rest}", "").encode())
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.reload()
    await expect(page.get_by_role("listitem")).to_have_count(50)
    await page.get_by_text("Add a sentence").click()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0], "nothing is to be looked for at the side"
    found = await Axe().run(page)
    assert [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")] == []
