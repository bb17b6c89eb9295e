"""Documents that are files: they come back in their own format, and nothing of them is lost or left behind."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.flow import Flow

FOLDER = Path(__file__).parents[1] / "data" / "formats"
SMALL = b"<!DOCTYPE html>\n<html lang=de><title>Ein Titel</title><p>Ein <b>Satz</b>. Noch einer.</p>\n</html>\n"


async def send(flow: Flow, data: bytes, **query: str) -> Any:
    answer = await flow.http.post("/v1/documents", params=query, content=data)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_file_comes_back_as_it_was_where_nothing_changes(flow: Flow) -> None:
    pages = sorted((FOLDER / "html").glob("*.html"))
    assert pages
    for number, path in enumerate(pages):
        data = path.read_bytes()
        await send(flow, data, filename=path.name, id=f"page{number}")
        status = await flow.done(f"page{number}")
        assert (status["format"], status["metadata"]["filename"]) == ("html", path.name)
        assert status["read"] > 0
        answer = await flow.http.get(f"/v1/documents/page{number}/file")
        assert answer.status_code == 200, answer.text
        assert answer.content == data
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["content-length"] == str(len(data))
        assert f'filename="{path.stem}_en.html"' in answer.headers["content-disposition"]


async def test_its_own_markup_is_around_the_translated_words(german: Flow) -> None:
    await send(german, SMALL, filename="Brief an Oma.html", id="d")
    await german.done("d")
    answer = await german.http.get("/v1/documents/d/file")
    page = answer.text
    assert "Brief%20an%20Oma_en.html" in answer.headers["content-disposition"]
    assert "<b>" in page
    assert "Satz" not in page
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')


@pytest.mark.parametrize("way", ["form", "type"])
async def test_every_way_to_say_what_a_file_is(flow: Flow, way: str) -> None:
    if way == "form":
        answer = await flow.http.post("/v1/documents?id=d", files={"file": ("a.htm", SMALL)})
    else:
        answer = await flow.http.post("/v1/documents?id=d", content=SMALL, headers={"Content-Type": "text/html"})
    assert answer.status_code == 202, answer.text
    await flow.done("d")
    assert (await flow.http.get("/v1/documents/d/file")).content == SMALL
