"""A stand-in for a server of language models, on a port of this machine, which misbehaves as it is told to."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Translate = Callable[[str], str]


@dataclass
class Question:
    """A request as the server got it."""

    body: dict[str, Any]
    headers: dict[str, str]
    came: float = field(default_factory=time.monotonic)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """All of the passage."""
        found: list[dict[str, Any]] = json.loads(self.body["messages"][1]["content"])["passage"]
        return found

    @property
    def texts(self) -> dict[str, str]:
        """The texts to be translated, by their ids."""
        return {str(entry["id"]): entry["text"] for entry in self.entries if "id" in entry}

    @property
    def context(self) -> list[str]:
        """What only stands around them."""
        return [entry["context"] for entry in self.entries if "context" in entry]


@dataclass
class Answer:
    """What the server answers: a reply of the model, or bytes of its own."""

    content: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    message: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    after: float = 0.0
    """Seconds before it comes."""
    drip: float = 0.0
    """Seconds between its bytes."""
    drop: int | None = None
    """So many bytes are sent before the connection breaks."""

    def body(self) -> bytes:
        """Return the bytes of the answer."""
        if self.raw is not None:
            return self.raw
        content = self.content if isinstance(self.content, str | None) else json.dumps(self.content)
        choice = {"index": 0, "finish_reason": self.finish, "message": {"content": content} | self.message}
        usage = {"prompt_tokens": 100, "completion_tokens": 10}
        return json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}).encode()


Behaviour = Callable[[Question], Answer | None]
"""What to answer; None: the translations, as a good server does."""


class ModelServer:
    """Answers questions with what `translate` makes of each text, unless `behave` has another answer."""

    def __init__(self, translate: Translate, behave: Behaviour = lambda _: None) -> None:
        self.translate = translate
        self.behave = behave
        self.models: Answer | None = None
        """What it answers to who asks for its models; None: that there is `stand-in`."""
        self.questions: list[Question] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._http: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._ended.clear()
        self._http = _Server(("127.0.0.1", self.port), self._handler())
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Listen no longer."""
        self._ended.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http = None

    def good(self, question: Question) -> dict[str, str]:
        """Return the translations of a question."""
        return {number: self.translate(text) for number, text in question.texts.items()}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                listed = {"object": "list", "data": [{"id": "stand-in"}]}
                server._send(self, server.models or Answer(raw=json.dumps(listed).encode()))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                question = Question(body, {name.lower(): value for name, value in self.headers.items()})
                with server._lock:
                    server.questions.append(question)
                    server._now += 1
                    server.most_at_once = max(server.most_at_once, server._now)
                try:
                    server._send(self, server.behave(question) or Answer(server.good(question)))
                finally:
                    with server._lock:
                        server._now -= 1

        return Handler

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        self._ended.wait(answer.after)
        body = answer.body()
        if answer.drop == 0:
            handler.close_connection = True
            handler.connection.close()
            return
        try:
            handler.send_response(answer.status)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            if answer.drop is not None:
                handler.wfile.write(body[: answer.drop])
                handler.wfile.flush()
                handler.close_connection = True
            elif answer.drip:
                for place in range(len(body)):
                    handler.wfile.write(body[place : place + 1])
                    handler.wfile.flush()
                    if self._ended.wait(answer.drip):
                        return
            else:
                handler.wfile.write(body)
        except OSError:
            # Who asked has gone.
            handler.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._open: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection, which stays open from request to request."""
        self._open.add(request)
        super().process_request(request, client_address)

    def server_close(self) -> None:
        """Close connections, too."""
        super().server_close()
        for request in self._open:
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: Any) -> None:
        """Say nothing: connections break here on purpose."""


@contextmanager
def model_server(translate: Translate, behave: Behaviour = lambda _: None) -> Iterator[ModelServer]:
    """Run a server until the block ends."""
    server = ModelServer(translate, behave)
    server.start()
    try:
        yield server
    finally:
        server.stop()
