"""TMX files on their way in: as a body, or as the file of a form."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from api.memory.routes import import_tmx
from api.problems import BodyError

UNIT = "<tu><tuv xml:lang='de'><seg>{0}</seg></tuv><tuv xml:lang='en'><seg>{0}</seg></tuv></tu>"
TMX = (
    '<tmx version="1.4"><header srclang="de"/><body>' + "".join(map(UNIT.format, range(20000))) + "</body></tmx>"
).encode()
FILE = {"file": ("ours.tmx", TMX, "application/xml")}


async def imported(**sent: Any) -> int:
    """Return how many units of a request get into the memory."""
    request = httpx.Request("POST", "http://here/v1/memory/tmx", **sent)
    body = request.read()
    rest = [body[start : start + 65536] for start in range(0, len(body), 65536)]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    units: list[Any] = []

    async def add(_: object, some: list[Any]) -> Any:
        units.extend(some)
        return SimpleNamespace(units=some, known=0)

    keeper = SimpleNamespace(add=add)
    services: Any = SimpleNamespace(
        memory=SimpleNamespace(keeper=keeper), owner=None, caller=SimpleNamespace(name="me", id=None)
    )
    headers = [(name.lower(), value) for name, value in request.headers.raw]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    found = await import_tmx(Request(scope, receive), services)
    assert [unit.text for unit in units] == [str(number) for number in range(20000)]
    return found.imported


async def test_a_file_comes_as_a_body_or_in_a_form() -> None:
    assert await imported(content=TMX, headers={"Content-Type": "application/x-tmx+xml"}) == 20000
    assert await imported(files=FILE) == 20000


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"files": FILE, "data": {"owner": "me"}}, "the field 'owner'"),
        ({"files": {"owner": (None, "me")}}, "the field 'owner'"),
        ({"files": [("file", ("a.tmx", b"<tmx/>")), ("file", ("b.tmx", b"<tmx/>"))]}, "several files"),
    ],
)
async def test_anything_else_in_a_form_is_refused(sent: dict[str, Any], said: str) -> None:
    with pytest.raises(BodyError, match=said):
        await imported(**sent)
