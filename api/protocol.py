"""HTTP itself: what is no HTTP is answered as a problem, too."""

from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.connections import Guarded
from api.problems import problem

_HEADER_BYTES = 64 * 1024


class _Connection(h11.Connection):
    """Refuses a request with two lengths: what is before the API may believe the other one (RFC 9112, 6.1)."""

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request) and {b"transfer-encoding", b"content-length"} <= {
            name for name, _ in event.headers
        }:
            raise h11.RemoteProtocolError("it has both Transfer-Encoding and Content-Length")
        return event


class ProblemProtocol(Guarded, H11Protocol):
    """uvicorn's protocol, which answers a request that it cannot read in words of its own: here they are a problem."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = _Connection(h11.SERVER, _HEADER_BYTES)

    def send_400_response(self, msg: str) -> None:
        """Answer that the request cannot be read, and close the connection."""
        answer = problem(
            400,
            "bad-request",
            "Request that is not HTTP",
            f"{msg.rstrip('.')}; its headers may have {_HEADER_BYTES // 1024} KiB, and it has one length",
        )
        fields = [*answer.raw_headers, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=fields, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
