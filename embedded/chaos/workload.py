"""Documents that are under way while faults strike."""

import threading
import time
from collections.abc import Callable

import httpx

from embedded.chaos.documents import DIES, FAILS, Document
from embedded.chaos.findings import Findings
from pipeline.errors import SatzstromError
from satzstrom import Client, RefusedError, UnavailableError

_SENTENCES = 1200
# No document takes this long, whatever happens meanwhile.
STUCK_AFTER = 180.0


class Workload:
    """Keeps a document under way, and compares each with what it has to be.

    Every third has a sentence on which the engine fails, every fifth one on which it dies. `between` is called after each.
    """

    def __init__(self, address: str, findings: Findings, between: Callable[[], None]) -> None:
        self.documents: list[Document] = []
        """What was translated."""
        self._address = address
        self._findings = findings
        self._between = between
        self._stopping = threading.Event()
        self._errors: list[Exception] = []
        self._thread = threading.Thread(target=self._run, name="workload")
        self._thread.start()

    def wait_for_more(self, number: int) -> None:
        """Return when so many more documents are translated; earlier when something went wrong."""
        wanted = len(self.documents) + number
        while len(self.documents) < wanted and self._thread.is_alive():
            time.sleep(0.05)

    def finish(self) -> None:
        """Finish the document in hand and return. Raises what went wrong."""
        self._stopping.set()
        self._thread.join()
        if self._errors:
            raise self._errors[0]

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                number = len(self.documents)
                words = ({700: FAILS} if number % 3 == 2 else {}) | ({400: DIES} if number % 5 == 4 else {})
                document = Document(f"chaos-{number}", _SENTENCES, words)
                with Client(self._address, timeout=10) as client:
                    found = translate(client, document)
                self._findings.compare(document, found)
                self.documents.append(document)
                self._between()
        except Exception as error:  # noqa: BLE001 (raised by `finish`)
            self._errors.append(error)


def translate(client: Client, document: Document) -> str:
    """Submit a document and return its translation, however often the API dies meanwhile.

    Raises `SatzstromError` after three minutes.
    """
    submit(client, document)
    return translation(client, document)


def submit(client: Client, document: Document, **options: str) -> None:
    """Submit a document with options of the API, however often the API dies meanwhile. Raises as above."""
    body = {"id": document.id, "text": document.source, "source": "de", "target": "en"} | options
    # The same document under the same id: sending it again changes nothing.
    insist(lambda: str(client.call("POST", "/v1/documents", json=body)), f"document {document.id} was not taken")


def translation(client: Client, document: Document) -> str:
    """Return the translation of a document that was submitted. Raises as above."""
    return insist(lambda: _read(client, document.id), f"document {document.id} was not translated")


def insist(action: Callable[[], str | None], failure: str) -> str:
    """Repeat `action` until it returns something, while the API or what is behind it may be away."""
    deadline = time.monotonic() + STUCK_AFTER
    while True:
        try:
            if (found := action()) is not None:
                return found
        except UnavailableError:
            pass
        except RefusedError as error:
            # The API is there and waits for Kafka or MongoDB itself.
            if error.status != httpx.codes.SERVICE_UNAVAILABLE:
                raise
        if time.monotonic() > deadline:
            raise SatzstromError(f"{failure} within {STUCK_AFTER:.0f} s")
        time.sleep(0.05)


def _read(client: Client, document: str) -> str | None:
    return b"".join(client.text(document)).decode() if client.status(document).state == "done" else None
