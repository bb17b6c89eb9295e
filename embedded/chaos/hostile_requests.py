"""Requests that cannot be right, hardly are HTTP, or never end."""

import random
import socket
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from embedded.chaos.documents import Document
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.workload import submit
from satzstrom import Client

_JSON = {"Content-Type": "application/json"}
_TEXT = {"Content-Type": "text/plain"}
_DEEP = b"[" * 100_000 + b"]" * 100_000
# Method, path, headers, body.
_REFUSED: Sequence[tuple[str, str, dict[str, str], bytes]] = (
    ("POST", "/v1/documents", _JSON, b"{"),
    ("POST", "/v1/documents", _JSON, b'{"text":' + _DEEP + b"}"),
    ("POST", "/v1/documents", _JSON, b'{"text":"a","metadata":{"a":' + b"9" * 5000 + b"}}"),
    ("POST", "/v1/documents", _JSON, b'{"text":"a","source":"\\ud800"}'),
    ("POST", "/v1/documents", _JSON, b'{"text":"a",' + b",".join(b'"f%d":0' % one for one in range(50_000)) + b"}"),
    ("POST", "/v1/documents", _TEXT | {"Content-Encoding": "gzip"}, b"x"),
    ("POST", "/v1/documents", {"Content-Type": "text/plain; charset=punycode"}, b"-b" * 50_000),
    ("POST", "/v1/documents", {"Content-Type": "multipart/form-data; boundary=" + "b" * 300}, b""),
    ("POST", "/v1/batches", {"Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\n" * 5000),
    ("PUT", f"/v1/documents/a/parts/{'9' * 19}", _TEXT, b"x"),
    ("GET", "/v1/documents?after=" + "x" * 5000, {}, b""),
    ("POST", "/translate", _JSON, b'{"q":[' + b"[]," * 2_000_000 + b"[]]}"),
    ("POST", "/v2/translate", _JSON, b'{"target_lang":"EN","text":[' + b"0," * 200_000 + b"0]}"),
)
# What a connection begins with, and never ends.
_HALVES = (
    b"POST /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    b"GET /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 60_000,
    b"GET /" + b"x" * 60_000,
    b"POST /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\nx",
    b"POST /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\nContent-Length: 7\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    b"\r\n" * 1000,
)
_SENTENCES_OF_HALF = 2400


class HostileRequests:
    """Sends what nobody should send; the API has to answer, with no 500, and to go on."""

    def __init__(self, target: Target, chance: random.Random, ledger: Ledger) -> None:
        self._target = target
        self._chance = chance
        self._ledger = ledger
        self._halves: list[socket.socket] = []

    def kinds(self) -> list[Fault]:
        """Return every kind."""
        return [
            Fault("hostile requests", self._send, 2),
            Fault("half-sent requests", self._send_halves, 2),
            Fault("an upload breaks off and comes again", self._break_off, 2),
        ]

    def _send(self) -> None:
        """Send each request; none may be answered with a 2xx or a 500."""
        with httpx.Client(base_url=self._target.running().api, timeout=30) as client:
            for method, path, headers, body in self._chance.sample(_REFUSED, len(_REFUSED)):
                # The API may close the connection while it is still being sent to.
                with suppress(httpx.WriteError, httpx.ReadError):
                    answer = client.request(method, path, headers=headers, content=body)
                    if not answer.is_client_error:
                        self._ledger.problems.append(
                            f"{method} {path[:40]} with {body[:40]!r} was answered {answer.status_code}: {answer.text[:200]}"
                        )

    def _send_halves(self) -> None:
        """Leave connections open on which a request has begun, until the next time."""
        for half in self._halves:
            half.close()
        address = urlsplit(self._target.running().api)
        self._halves = []
        for beginning in _HALVES * 4:
            connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=10)
            self._halves.append(connection)
            with suppress(ConnectionError):
                connection.sendall(beginning)

    def _break_off(self) -> None:
        """Send half of a document under its id, break off, and send the whole of it again."""
        document = Document(f"broken-{len(self._ledger.documents)}", _SENTENCES_OF_HALF)
        whole = document.source.encode()
        half = whole[: self._chance.randrange(len(whole))]
        address = urlsplit(self._target.running().api)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
            head = f"POST /v1/documents?id={document.id}&source=de&target=en HTTP/1.1\r\nHost: {address.netloc}\r\n"
            head += f"Content-Type: text/plain\r\nContent-Length: {len(whole)}\r\n\r\n"
            with suppress(ConnectionError):
                connection.sendall(head.encode() + half)
        with Client(self._target.running().api, timeout=20) as client:
            submit(client, document)
        self._ledger.documents.append(document)
