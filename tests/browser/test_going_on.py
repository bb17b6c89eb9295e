"""What is under way when the page is loaded anew or the network goes: nothing is lost, and nothing comes twice."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from tests.browser.test_page import file
from tests.browser.test_translating import documents, hold, opened, row

pytestmark = pytest.mark.timeout(240)
NAMES = ("eins.txt", "zwei.txt", "drei.txt", "vier.txt")
TEXTS = {name: f"Das ist der Text von {name}.\n\n" + "Ein Absatz mit einem Satz.\n\n" * 3000 for name in NAMES}


def chosen(*names: str) -> list[Any]:
    return [file(name, TEXTS[name]) for name in names]


async def named(page: Page) -> list[str]:
    """Return the names of the files of which there are documents."""
    return sorted(
        one["metadata"]["filename"] for one in await documents(page) if one["metadata"].get("filename") in NAMES
    )


@pytest.fixture
async def clean(page: Page) -> None:
    """No documents of other tests."""
    await opened(page)
    for one in await documents(page):
        if one["metadata"].get("filename") in NAMES:
            await page.request.delete(f"/v1/documents/{one['id']}")


async def broken_batch(page: Page) -> str:
    """Send four files, of which the second hangs, load the page anew, and return the batch."""
    held: list[str] = []

    async def hang(route: Route) -> None:
        # The second file's second part never arrives.
        if ".1/parts/1" in route.request.url:
            held.append(route.request.url)
        else:
            await route.continue_()

    await page.route(re.compile(r"/parts/"), hang)
    await page.set_input_files("#file", chosen(*NAMES))
    await page.get_by_role("button", name="Translate 4 files").click()
    async with asyncio.timeout(60):
        while not held:
            await asyncio.sleep(0.05)
    await page.reload()
    await page.unroute(re.compile(r"/parts/"))
    await expect(page.get_by_text("The upload of zwei.txt broke off after")).to_be_visible()
    await expect(page.get_by_text("These 2 had not been sent yet")).to_be_visible()
    return held[0].split("/documents/")[1].split(".")[0]


async def two_under_way(page: Page) -> asyncio.Event:
    """Send two files, of which the first waits in the middle until the event that is returned is set."""
    going = await hold(page, r"\.0/parts/1\?")
    await page.set_input_files("#file", chosen("eins.txt", "zwei.txt"))
    await page.get_by_role("button", name="Translate 2 files").click()
    await expect(row(page, "eins.txt")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    return going


async def test_files_chosen_again_after_a_reload_go_on_as_the_same_batch(page: Page, clean: None) -> None:
    batch = await broken_batch(page)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" and "/parts/" in one.url else None)
    await page.set_input_files("#file", chosen(*NAMES))
    await expect(row(page, "eins.txt")).to_contain_text("Taken before this page was loaded anew.")
    await expect(row(page, "zwei.txt")).to_contain_text("Goes on where it broke off.")
    await expect(page.get_by_text("had not been sent yet")).to_have_count(0)
    await page.get_by_role("button", name="Translate 3 files").click()
    await expect(page.locator("li.taken")).to_have_count(4, timeout=60_000)
    assert await named(page) == sorted(NAMES)
    assert not [url for url in sent if f"{batch}.0/" in url]
    found = await (await page.request.get(f"/v1/batches/{batch}")).json()
    assert [(one["filename"], one["problem"]) for one in found["documents"]] == [(name, None) for name in NAMES]
    assert found["state"] in ("translating", "done")
    # It is over: who chooses one of them once more wants it once more.
    await page.reload()
    await page.set_input_files("#file", chosen("eins.txt"))
    await expect(row(page, "eins.txt")).to_contain_text("Ready")
    await expect(page.locator(".queue .broken")).to_have_count(0)


@pytest.mark.refused_files
async def test_a_file_that_was_taken_and_deleted_is_sent_again(page: Page, clean: None) -> None:
    batch = await broken_batch(page)
    assert (await page.request.delete(f"/v1/documents/{batch}.0")).status in (202, 204)
    await page.set_input_files("#file", chosen("eins.txt"))
    await expect(row(page, "eins.txt")).to_contain_text("Ready")


async def test_the_rest_of_a_batch_can_be_given_up_and_what_was_taken_is_a_batch(page: Page, clean: None) -> None:
    batch = await broken_batch(page)
    await page.get_by_role("button", name="Give up what had not been sent: drei.txt, vier.txt").click()
    await expect(page.get_by_text("had not been sent yet")).to_have_count(0)
    await page.get_by_role("button", name="Give up zwei.txt").click()
    await expect(page.locator(".queue .broken")).to_have_count(0)
    assert await named(page) == ["eins.txt"]
    found = await (await page.request.get(f"/v1/batches/{batch}")).json()
    assert ([one["filename"] for one in found["documents"]], found["state"] == "receiving") == (["eins.txt"], False)


async def test_what_another_window_sends_is_not_said_to_have_broken_off(
    page: Page, context: BrowserContext, clean: None
) -> None:
    going = await two_under_way(page)
    other = await context.new_page()
    await opened(other)
    await expect(other.locator(".queue .broken")).to_have_count(0)
    # When that window is gone, this one says so.
    await page.close()
    await expect(other.get_by_text("The upload of eins.txt broke off")).to_be_visible()
    await expect(other.get_by_text("It had not been sent yet")).to_be_visible()
    going.set()


async def test_without_a_network_nothing_is_lost_while_files_are_sent(
    page: Page, context: BrowserContext, clean: None
) -> None:
    going = await two_under_way(page)
    await context.set_offline(True)
    going.set()
    await expect(row(page, "eins.txt")).to_contain_text("The connection broke off")
    # A file that is chosen meanwhile waits, too.
    await page.set_input_files("#file", chosen("drei.txt"))
    await expect(row(page, "drei.txt")).to_contain_text("The connection broke off")
    await context.set_offline(False)
    await expect(row(page, "drei.txt")).to_contain_text("Ready", timeout=20_000)
    await expect(page.locator("li.taken")).to_have_count(2, timeout=60_000)
    assert await named(page) == ["eins.txt", "zwei.txt"]


async def test_an_upload_that_is_stopped_without_a_network_can_be_given_up_later(
    page: Page, context: BrowserContext, clean: None
) -> None:
    going = asyncio.Event()

    async def held(route: Route) -> None:
        await going.wait()
        await route.continue_()

    await page.route(re.compile(r"/parts/1\?"), held)
    await page.set_input_files("#file", chosen("eins.txt"))
    await page.get_by_role("button", name="Translate 1 file").click()
    await expect(row(page, "eins.txt")).to_contain_text(re.compile(r"Sending, [1-9]\d %"))
    await context.set_offline(True)
    going.set()
    await page.get_by_role("button", name="Stop: eins.txt").click()
    await expect(page.get_by_text("The upload of eins.txt broke off")).to_be_visible()
    await context.set_offline(False)
    await expect(page.get_by_text("This page goes on by itself")).to_be_hidden(timeout=20_000)
    await page.get_by_role("button", name="Give up eins.txt").click()
    await expect(page.locator(".queue .broken")).to_have_count(0)
    assert await named(page) == []
