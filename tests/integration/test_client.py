"""The client for programs, and the examples of its documentation."""

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator

import pytest

from pipeline.settings import StoreSettings
from satzstrom import AsyncClient, Client, RefusedError, UnavailableError
from tests.conftest import ROOT
from tests.integration.flow import Flow, run_flow

TEXT = "".join(f"Satz {number} steht hier.\n\n" for number in range(200))


@pytest.fixture
async def flow(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Flow]:
    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.02")
    async with run_flow(settings) as running:
        yield running


async def test_the_documented_examples_run(flow: Flow) -> None:
    address = str(flow.http.base_url).rstrip("/")
    source = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", source, re.DOTALL)
    assert len(examples) == 3
    program = "\n".join(examples).replace("http://127.0.0.1:8000", address).replace("examples/", f"{ROOT}/examples/")
    printed = io.StringIO()

    def run() -> None:
        with contextlib.redirect_stdout(printed):
            exec(compile(program, "docs/python.md", "exec"), {"__name__": "example"})

    await asyncio.to_thread(run)
    lines = printed.getvalue().splitlines()
    assert lines[0] == "done 2"
    assert lines[1] == "Guten Morgen. Wie geht es Ihnen?"
    assert "Guten Abend. → Guten Abend." in lines
    assert any(line.startswith("0.0 ") for line in lines)


async def test_both_clients_see_the_same(flow: Flow) -> None:
    address = str(flow.http.base_url)

    def use() -> tuple[dict[str, str], list[str], bytes]:
        with Client(address) as client:
            document = client.submit(TEXT, document="sync")
            live = {one.position: one.translation for one in client.live(document)}
            assert client.wait(document).state == "done"
            return live, [one.source for one in client.sentences(document)], b"".join(client.text(document))

    live, sources, text = await asyncio.to_thread(use)
    assert text.decode() == TEXT
    assert [live[f"0.{index}"] for index in range(200)] == sources

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(TEXT), 1000):
            yield TEXT[start : start + 1000].encode()

    async with AsyncClient(address) as client:
        document = await client.submit(chunks(), document="async")
        assert {one.position: one.translation async for one in client.live(document)} == live
        assert (await client.wait(document)).sentences.translated == 200
        assert b"".join([chunk async for chunk in client.text(document)]).decode() == TEXT
        assert [one.source async for one in client.sentences(document)] == sources
        assert {one.id async for one in client.documents(state="done")} == {"sync", "async"}
        with pytest.raises(RefusedError, match="nothing left to cancel"):
            await client.cancel(document)
        await client.delete(document)
        with pytest.raises(RefusedError) as refused:
            await client.status(document)
        assert (refused.value.kind, refused.value.status) == ("not-found", 404)


async def test_an_api_that_is_not_there_is_named() -> None:
    async with AsyncClient("http://127.0.0.1:1") as client:
        with pytest.raises(UnavailableError, match="is a pipeline running"):
            await client.status("d")
        with pytest.raises(UnavailableError, match="is a pipeline running"):
            _ = [sentence async for sentence in client.live("d")]
