"""Forms and other bodies, as they arrive in chunks of any size."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Annotated, Any

import pytest
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from api import bodies
from api.bodies import BODY_LIMIT, STRANGERS_LIMIT, Reading, decoded, header_parts, read_whole
from api.fields import from_json, read_fields
from api.forms import FIELDS_LIMIT, Form
from api.problems import BodyError, BodyTimeoutError, MediaTypeError, TooLargeError, TooManyError
from tests.lag import AT_MOST, least_lag
from tests.speed import Stopwatch

FORM = "multipart/form-data; boundary=b"


def request(
    chunks: Sequence[bytes], kind: str = FORM, *, query: bytes = b"", packed: str = "", ends: bool = True
) -> Request:
    """Return a request whose body comes in these chunks, and breaks into silence then if it does not end."""
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if not waiting and not ends:
            await asyncio.Event().wait()
        return {
            "type": "http.request",
            "body": waiting.pop(0) if waiting else b"",
            "more_body": bool(waiting) or not ends,
        }

    headers = [(b"content-type", kind.encode("latin-1"))] + ([(b"content-encoding", packed.encode())] if packed else [])
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": query, "headers": headers}
    return Request(scope, receive)


def section(name: str, value: bytes, *, filename: str | None = None, kind: str = "") -> bytes:
    """Return a field, or a file, as a form has it."""
    file = "" if filename is None else f'; filename="{filename}"'
    content = f"Content-Type: {kind}\r\n" if kind else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{content}\r\n'.encode() + value + b"\r\n"


END = b"--b--\r\n"


async def joined(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def text_of(form: Form) -> str:
    file = await form.first_file()
    return "".join([piece async for piece in decoded(form.only_file(), Reading(), file.charset)])


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
async def test_fields_and_files_come_in_chunks_of_any_size(size: int) -> None:
    body = (
        section("a", b"1")
        + section("f", b"one\r\n--\r\n--b\r", filename="C:\\x\\öne.txt", kind="text/plain; charset=latin1")
        + section("a", "ü".encode())
        + section("g", b"", filename="")
        + END
    )
    form = Form(request([body[at : at + size] for at in range(0, len(body), size)]))
    found = []
    while (file := await form.next_file()) is not None:
        found.append((file.name, file.charset, await joined(file.chunks())))
    assert found == [("öne.txt", "latin1", b"one\r\n--\r\n--b\r"), ("", None, b"")]
    assert form.fields == {"a": ["1", "ü"]}


async def test_a_field_that_is_called_filename_is_a_field() -> None:
    form = Form(request([section("filename", b"Mein Buch") + section("file", b"text", filename="a.txt") + END]))
    assert await text_of(form) == "text"
    assert form.fields == {"filename": "Mein Buch"}


async def test_fields_behind_the_file_are_found_and_the_file_is_whole() -> None:
    form = Form(request([section("f", b"text " * 1000, filename="a"), section("source", b"de") + END]))
    await form.read_until("source")
    assert form.fields == {"source": "de"}
    assert await text_of(form) == "text " * 1000


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"--b", b"--b\r\n", section("a", b"1"), section("a", b"1", filename="f"), b"--b\r\nA\r\n\r\n" + END,
     b"--b\r\nContent-Disposition: form-data; name=a\r\n", b"--c\r\n\r\n", section("a", b"\xff") + END],
)  # fmt: skip
async def test_a_form_that_breaks_off_or_is_none_is_refused(body: bytes) -> None:
    form = Form(request([body]))
    with pytest.raises(BodyError):
        await text_of(form)


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'b' * 300}",
     "multipart/form-data; boundary*0=a; boundary*1=b; boundary*=c", f"multipart/form-data; boundary*{'9' * 5000}=a"],
)  # fmt: skip
def test_a_boundary_that_cannot_be_used_is_refused(kind: str) -> None:
    with pytest.raises((BodyError, MediaTypeError)):
        Form(request([], kind))


async def endless(field: bytes) -> AsyncIterator[bytes]:
    while True:
        yield field * (64 * 1024 // len(field))


@pytest.mark.parametrize(
    ("kind", "repeated"),
    [("names", section("n" * 3000, b"")), ("headers", b"--b\r\n" + b"X-A: " + b"a" * 4000 + b"\r\n\r\n\r\n"),
     ("values", section("a", b"v" * 60_000)), ("many", section("", b"")), ("epilogue", END + b"x" * 5000)],
)  # fmt: skip
@pytest.mark.parametrize("from_stranger", [True, False])
async def test_every_byte_of_a_form_is_counted(kind: str, repeated: bytes, *, from_stranger: bool) -> None:
    chunk = repeated * (64 * 1024 // len(repeated) + 1)
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", FORM.encode())],
    }
    form = Form(Request(scope, receive), from_stranger=from_stranger)
    with pytest.raises((TooLargeError, TooManyError)):
        await form.next_file()
    assert read <= (STRANGERS_LIMIT if from_stranger else BODY_LIMIT) + 2 * len(chunk)


async def test_the_number_of_fields_is_limited_in_every_kind_of_body() -> None:
    fields = b"&".join([b"a=1"] * (FIELDS_LIMIT + 1))
    for one in (
        request([section("a", b"") * (FIELDS_LIMIT + 1) + END]),
        request([fields], "application/x-www-form-urlencoded"),
        request([], "application/json", query=fields),
    ):
        with pytest.raises(TooManyError):
            await read_fields(one, Wanted)


async def test_a_stranger_is_told_where_the_key_should_be_and_may_send_more_when_it_is_known() -> None:
    large = section("f", b"x" * 100_000, filename="a")
    with pytest.raises(TooLargeError, match="Authorization"):
        await Form(request([large, END]), from_stranger=True).read_until("api_key")
    form = Form(request([section("api_key", b"k"), large, END]), from_stranger=True)
    form.admit()
    assert len(await text_of(form)) == 100_000
    with pytest.raises(TooLargeError, match="api_key"):
        await read_whole(request([b"x" * 100_000], "application/json"), STRANGERS_LIMIT)


async def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_SILENCE", 0.05)
    with pytest.raises(BodyTimeoutError):
        await Form(request([section("a", b"1")], ends=False)).next_file()
    with pytest.raises(BodyTimeoutError):
        await read_whole(request([b"{"], "application/json", ends=False))


@pytest.mark.parametrize("packed", ["gzip", "br", "deflate, gzip"])
async def test_a_packed_body_is_refused_by_the_name_of_its_packing(packed: str) -> None:
    with pytest.raises(MediaTypeError, match="Content-Encoding"):
        await read_whole(request([b"x"], "application/json", packed=packed))


class Wanted(BaseModel):
    q: Annotated[str, Field(min_length=1)] | Annotated[list[str], Field(max_length=1000)] = ""
    n: int = 0
    o: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("body", "error"),
    [(b"[]", BodyError), (b"{", BodyError), (b"\xff", BodyError), (b'{"q":"\\ud800"}', BodyError), (b"{}{}", BodyError),
     (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", BodyError), (b'{"q":{}}', RequestValidationError),
     (b'{"q":[1]}', RequestValidationError), (b'{"q":[[]]}', RequestValidationError),
     (b'{"n":' + b"9" * 5000 + b"}", RequestValidationError), (b'{"n":1e999}', RequestValidationError),
     (b'{"o":{"a":"' + b"x" * 70_000 + b'"}}', RequestValidationError),
     (b'{"o":{"a":' + b"[" * 3000 + b"]" * 3000 + b"}}", BodyError)],
)  # fmt: skip
def test_json_that_has_no_fields_is_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        from_json(body, Wanted)


def test_of_json_only_what_is_wanted_is_read() -> None:
    assert from_json(b'{"x":[{"y":1}],"q":["a","\\u00fc"],"n":"7","o":{"a":[1]}}', Wanted) == {
        "q": ["a", "ü"],
        "n": "7",
        "o": {"a": [1]},
    }


LARGE = {
    "empty lists": b'{"x":[' + b"[]," * 2_600_000 + b"[]]}",
    "numbers for texts": b'{"q":[' + b"0," * 4_000_000 + b"0]}",
    "unknown names": b"{" + b",".join(b'"n%d":0' % number for number in range(600_000)) + b"}",
    "many texts": b'{"q":["' + b'","' * 2_600_000 + b'"]}',
    "escapes": b'{"q":"' + b"\\u00fc" * 1_300_000 + b'"}',
}


@pytest.mark.parametrize("name", LARGE)
async def test_eight_megabytes_of_json_hold_nobody(name: str) -> None:
    async def act() -> None:
        with suppress(RequestValidationError):
            await read_fields(request([LARGE[name]], "application/json"), Wanted)

    assert await least_lag(act) < AT_MOST


@pytest.mark.parametrize("body", [b"q=" + b"%20" * 2_600_000, b"q=" + b"+" * 8_000_000, b"q=" + b"%" * 8_000_000])
async def test_eight_megabytes_of_a_form_hold_nobody(body: bytes) -> None:
    async def act() -> None:
        found = await read_fields(request([body], "application/x-www-form-urlencoded"), Wanted)
        assert len(found["q"]) > 2_000_000

    assert await least_lag(act) < AT_MOST


NASTY = {
    "line breaks": b"\r" * 256 * 1024,
    "beginnings of the boundary": b"\r\n--" * 64 * 1024,
    "fields": section("", b"") * 900,
}


@pytest.mark.parametrize("name", NASTY)
async def test_a_chunk_of_a_form_holds_nobody(name: str) -> None:
    async def act() -> None:
        form = Form(request([section("f", b"", filename="a"), NASTY[name], b"\r\n" + END]))
        while await form.next_file():
            pass

    assert await least_lag(act) < AT_MOST


def test_a_header_is_read_in_time_for_its_length() -> None:
    watch = Stopwatch(time.process_time)
    header_parts("form-data" + ";" * 4000)
    header_parts("form-data; " + 'a="' * 1400)
    watch.check(AT_MOST)
