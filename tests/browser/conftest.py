"""A real browser on a running pipeline."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.conftest import CommandLine


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A pipeline that takes its time, so that a document can be seen growing."""
    port = str(18300 + 10 * int(worker_id.removeprefix("gw").replace("master", "0")))
    line = CommandLine(tmp_path_factory.mktemp("pipeline"))
    slow = {"SATZSTROM_IDENTITY_BATCH_SECONDS": "0.01"}
    line.run("up", "--detach", "--engine", "marking", "--port", port, environment=slow)
    yield line.ps()["api"]
    line.run("down")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, from PATH or from SATZSTROM_CHROMIUM."""
    found = os.environ.get("SATZSTROM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "these tests need Chromium (on Debian: apt install chromium), or its path in SATZSTROM_CHROMIUM"
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-background-networking", "--js-flags=--expose-gc"]
        )
        yield running
        await running.close()


@pytest.fixture
async def context(browser: Browser, address: str) -> AsyncIterator[BrowserContext]:
    """A window of its own, without traces of other tests."""
    made = await browser.new_context(base_url=address, viewport={"width": 1200, "height": 800})
    await made.grant_permissions(["clipboard-read", "clipboard-write"])
    yield made
    await made.close()


@pytest.fixture
async def page(context: BrowserContext, address: str, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page on which nothing may go wrong: no error, no word on the console, no request to anybody else."""
    wrong: list[str] = []
    opened = await context.new_page()
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    opened.on(
        "request", lambda request: None if request.url.startswith((address, "blob:")) else wrong.append(request.url)
    )
    yield opened
    # The console speaks of requests that a test breaks off, and of files that it sends to be refused.
    expected = ["net::ERR_"] + ["with a status of 4"] * bool(request.node.get_closest_marker("refused_files"))
    assert [line for line in wrong if not any(part in line for part in expected)] == []
