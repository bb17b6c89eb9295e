"""An engine in a process of its own, so that a sentence that kills it does not take the translator with it."""

import itertools
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import SetupError
from pipeline.events import OfferedModel
from translator.engines import Decoding, Engine, Hypothesis, Tokens, at_once

logger = logging.getLogger(__name__)

# Far beyond any batch that makes progress; an engine that takes longer hangs.
_BATCH_TIMEOUT = 180.0
_START_TIMEOUT = 300.0


class EngineDiedError(Exception):
    """The engine's process ended, or was ended because it hung, while it worked on a batch."""


class _Facts(NamedTuple):
    """What an engine says of itself once it is loaded."""

    model: OfferedModel
    device: str
    verbatim: bool
    limit: int
    batch_tokens: int
    workers: int
    spare: int
    round_size: int


class EngineProcess:
    """An `Engine` whose `generate` runs in a child process.

    When the child dies, what it worked on raises `EngineDiedError`, and the next call starts another. It ends with its
    parent, however that ends: its pipe is closed then.
    """

    def __init__(self, make: Callable[[], Engine], encode: Callable[[str], Tokens]) -> None:
        """`make` loads the engine in the child; `encode` is the engine's own and runs here.

        Raises what `make` raises.
        """
        self._make = make
        self.encode = encode
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._stopped = False
        facts = self._running().facts
        self.model = facts.model
        self.device = facts.device
        self.verbatim = facts.verbatim
        self.limit = facts.limit
        self.batch_tokens = facts.batch_tokens
        # One batch waits in the child, so that the engine has the next at hand when one is done.
        self.workers = facts.workers + 1
        self.spare = facts.spare
        self.round_size = facts.round_size

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch in the child. Raises `EngineDiedError`, or what the engine raises."""
        child = self._running()
        try:
            return child.ask(list(batch), decoding).result(_BATCH_TIMEOUT)
        except FutureTimeoutError:
            child.kill()
            # So that the next batch does not meet a child that is dying.
            child.join()
            raise EngineDiedError(f"no result after {_BATCH_TIMEOUT:.0f} s") from None

    def resident(self) -> int | None:
        """Return how many bytes of memory the child has at the moment; None where the system does not tell."""
        child = self._child
        return None if child is None else child.resident()

    def stop(self) -> None:
        """End the child, with whatever it works on, and start no other."""
        with self._lock:
            self._stopped = True
        if self._child is not None:
            self._child.kill()
            self._child.join()

    def _running(self) -> "_Child":
        with self._lock:
            if self._stopped:
                raise EngineDiedError("the engine was stopped")
            if self._child is None or not self._child.alive:
                if self._child is not None:
                    logger.warning("starting the engine again")
                self._child = _Child(self._make)
            return self._child


class _Child:
    """One child process, and the requests that it works on."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        # Not multiprocessing's own ways: a fork of a process with threads may hang, and a spawned one imports the
        # parent's main module with everything that it needs.
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (a module of ours)
                [sys.executable, "-m", "translator.engines.child", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._pipe = Connection(ours.detach())
        self._pipe.send(make)
        self._numbers = itertools.count()
        self._sending = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self.alive = True
        try:
            self.facts = self._handshake()
        except Exception:
            self.kill()
            self._process.wait()
            self._pipe.close()
            raise
        self._receiving = threading.Thread(target=self._receive, name="engine results", daemon=True)
        self._receiving.start()

    def ask(self, batch: list[Tokens], decoding: Decoding) -> "Future[list[Hypothesis]]":
        """Send a batch; the future gets its result."""
        future: Future[list[Hypothesis]] = Future()
        number = next(self._numbers)
        with self._sending:
            if not self.alive:
                raise EngineDiedError("the engine has just died")
            self._waiting[number] = future
            try:
                self._pipe.send((number, batch, decoding))
            except OSError:
                self._waiting.pop(number, None)
                raise EngineDiedError("the engine has just died") from None
        return future

    def resident(self) -> int | None:
        """Return how many bytes of memory the process has; None once it is gone, and where there is no /proc."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """End the process; `_receive` sees it."""
        self._process.kill()

    def join(self) -> None:
        """Return when the process is gone."""
        self._receiving.join()

    def _handshake(self) -> _Facts:
        if not self._pipe.poll(_START_TIMEOUT):
            raise SetupError(f"the engine has not loaded its model within {_START_TIMEOUT:.0f} s")
        try:
            facts = self._pipe.recv()
        except (EOFError, OSError):
            raise SetupError(f"the engine died while it loaded its model (status {self._process.wait()})") from None
        if isinstance(facts, Exception):
            raise facts
        assert isinstance(facts, _Facts)
        return facts

    def _receive(self) -> None:
        while True:
            try:
                number, result = self._pipe.recv()
            except (EOFError, OSError):
                break
            future = self._waiting.pop(number)
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
        status = self._process.wait()
        with self._sending:
            self.alive = False
            left = list(self._waiting.values())
        for future in left:
            future.set_exception(EngineDiedError(f"the engine died (status {status})"))
        self._pipe.close()


def serve(pipe: Connection) -> None:
    """Load the engine that comes first over the pipe, and answer requests until it is closed; runs in the child."""
    # A Ctrl-C reaches the whole group; the parent finishes its work first and then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        engine: Engine = pipe.recv()()
    except Exception as error:  # noqa: BLE001 (the parent raises it)
        pipe.send(_sendable(error))
        return
    pipe.send(
        _Facts(
            engine.model,
            engine.device,
            engine.verbatim,
            engine.limit,
            engine.batch_tokens,
            engine.workers,
            engine.spare,
            engine.round_size,
        )
    )
    sending = threading.Lock()

    def work(number: int, batch: list[Tokens], decoding: Decoding) -> None:
        result: list[Hypothesis] | Exception
        try:
            result = engine.generate(batch, decoding)
        except Exception as error:  # noqa: BLE001 (it belongs to whoever sent the batch)
            result = _sendable(error)
        with sending:
            pipe.send((number, result))

    pool = ThreadPoolExecutor(at_once(engine))
    while True:
        try:
            request = pipe.recv()
        except (EOFError, OSError):
            # The parent is gone; nobody wants what is still being worked on.
            os._exit(0)
        pool.submit(work, *request)


def _sendable(error: Exception) -> Exception:
    """Return the error as one that every process can read."""
    if isinstance(error, SetupError | ImportError | OSError | ValueError):
        return type(error)(str(error)) if not isinstance(error, UnicodeError) else ValueError(str(error))
    return RuntimeError(f"{type(error).__name__}: {error}")
