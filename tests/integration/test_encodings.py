"""Files in every encoding, and files that are not text, on every route."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.flow import Flow
from tests.integration.test_api import TEXT
from tests.unit.test_encodings import FILES

LINE = "Die Tür ist groß.\r\n"
WORD = FILES["a Word document"]


async def by_body(flow: Flow, data: bytes, **said: str) -> Any:
    query = {"encoding": said["encoding"]} if "encoding" in said else {}
    kind = f"text/plain; charset={said['charset']}" if "charset" in said else "text/plain"
    return await flow.http.post("/v1/documents", params=query, content=data, headers={"Content-Type": kind})


async def by_form(flow: Flow, data: bytes, **said: str) -> Any:
    query = {"encoding": said["encoding"]} if "encoding" in said else {}
    return await flow.http.post("/v1/documents", params=query, files={"file": file(data, **said)})


async def by_parts(flow: Flow, data: bytes, **said: str) -> Any:
    query = {"last": "true"} | ({"encoding": said["encoding"]} if "encoding" in said else {})
    kind = f"text/plain; charset={said['charset']}" if "charset" in said else "text/plain"
    path = f"/v1/documents/part-{abs(hash((data, *said.items())))}/parts/0"
    return await flow.http.put(path, params=query, content=data, headers={"Content-Type": kind})


async def by_libretranslate(flow: Flow, data: bytes, **said: str) -> Any:
    fields = {"source": "de", "target": "en"} | ({"encoding": said["encoding"]} if "encoding" in said else {})
    return await flow.http.post("/translate_file", data=fields, files={"file": file(data, **said)})


async def by_deepl(flow: Flow, data: bytes, **said: str) -> Any:
    fields = {"source_lang": "DE", "target_lang": "EN-GB"} | (
        {"encoding": said["encoding"]} if "encoding" in said else {}
    )
    return await flow.http.post("/v2/document", data=fields, files={"file": file(data, **said)})


async def by_batch(flow: Flow, data: bytes, **said: str) -> Any:
    query = {"encoding": said["encoding"]} if "encoding" in said else {}
    return await flow.http.post("/v1/batches", params=query, files=[("files", file(data, **said))])


def file(data: bytes, **said: str) -> tuple[str, bytes, str]:
    return "a.txt", data, f"text/plain; charset={said['charset']}" if "charset" in said else "text/plain"


ROUTES: list[Callable[..., Any]] = [by_body, by_form, by_parts, by_libretranslate, by_deepl, by_batch]
SAID: list[tuple[str, dict[str, str], str]] = [
    ("utf-16", {}, "utf-16-le"),
    ("utf-32", {"charset": "utf-8"}, "utf-32-le"),
    ("cp1252", {"charset": "windows-1252"}, "cp1252"),
    ("cp437", {"encoding": "ibm437", "charset": "utf-8"}, "cp437"),
    ("cp1252", {"encoding": "detect"}, "cp1252"),
    ("utf-8", {"encoding": "detect"}, "utf-8"),
]


async def newest(flow: Flow) -> tuple[str, str | None]:
    """Return the text of the newest document, and what it was read as."""
    (found,) = (await flow.http.get("/v1/documents?limit=1")).json()["items"]
    await flow.done(found["id"])
    return (await flow.http.get(f"/v1/documents/{found['id']}/text")).text, found["encoding"]


@pytest.mark.parametrize("send", ROUTES)
async def test_every_route_reads_every_encoding_and_says_which(flow: Flow, send: Callable[..., Any]) -> None:
    for encoding, said, read_as in SAID:
        answer = await send(flow, LINE.encode(encoding), **said)
        assert answer.status_code in (200, 202), (encoding, said, answer.text)
        assert await newest(flow) == (LINE, read_as), (encoding, said)
    before = (await flow.http.get("/v1/documents?limit=100")).json()["items"]
    # Not guessed unless that is asked for; and never read where it is no text, whatever is said of it.
    for data, said, why in (
        (LINE.encode("cp1252"), {}, "detect"),
        (WORD, {}, "this is a Word document"),
        (FILES["a PDF document"], {"encoding": "cp1252"}, "this is a PDF document"),
        (FILES["a PNG image"], {"charset": "latin1"}, "this is a PNG image"),
        (LINE.encode(), {"encoding": "klingon"}, "klingon"),
    ):
        answer = await send(flow, data, **said)
        assert why in answer.text, answer.text
        assert answer.status_code in (400, 415, 422) or send is by_batch
    assert len((await flow.http.get("/v1/documents?limit=100")).json()["items"]) == len(before), "nothing was begun"


async def test_json_and_forms_in_other_encodings(flow: Flow) -> None:
    order = '{"q": "Grüße", "source": "de", "target": "en"}'
    for body, kind in (
        (order.encode("utf-8-sig"), "application/json"),
        (order.encode("utf-16"), "application/json"),
        (order.encode("cp1252"), "application/json; charset=iso-8859-1"),
        (b"q=Gr%FC%DFe&source=de&target=en", "application/x-www-form-urlencoded; charset=iso-8859-1"),
        ("q=Grüße&source=de&target=en".encode(), "application/x-www-form-urlencoded"),
    ):
        answer = await flow.http.post("/translate", content=body, headers={"Content-Type": kind})
        assert answer.json() == {"translatedText": "Grüße"}, kind
    section = "--b\r\nContent-Disposition: form-data; name="
    declared = f'{section}"q"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\nGrüße\r\n'.encode("latin-1")
    others = f'{section}"source"\r\n\r\nde\r\n{section}"target"\r\n\r\nen\r\n--b--\r\n'.encode()
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await flow.http.post("/translate", content=declared + others, headers=headers)
    assert answer.json() == {"translatedText": "Grüße"}


async def test_the_beginning_of_a_file_tells_what_it_is(flow: Flow) -> None:
    for data, query, name in (
        (LINE.encode(), "", "utf-8"), (b"", "", "utf-8"), (LINE.encode("utf-16"), "", "utf-16le"),
        (LINE.encode("cp1252"), "?encoding=detect", "windows-1252"), (("ä" * 5000).encode()[:9999], "", "utf-8"),
    ):  # fmt: skip
        answer = await flow.http.post(f"/v1/encodings{query}", content=data)
        assert answer.json() == {"encoding": name}
    refused = await flow.http.post("/v1/encodings", content=WORD, headers=TEXT)
    assert (refused.status_code, refused.json()["type"]) == (415, "urn:satzstrom:problem:file-format")
    assert (await flow.http.post("/v1/encodings", content=b"x" * 200_000)).status_code == 413
