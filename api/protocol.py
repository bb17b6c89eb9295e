"""HTTP itself: what is no HTTP is answered as a problem, too."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.connections import Guarded
from api.problems import problem


class ProblemProtocol(Guarded, H11Protocol):
    """uvicorn's protocol, which answers a request that it cannot read in words of its own: here they are a problem."""

    def send_400_response(self, msg: str) -> None:
        """Answer that the request cannot be read, and close the connection."""
        answer = problem(
            400, "bad-request", "Request that is not HTTP", f"{msg.rstrip('.')}; its headers may have 64 KiB"
        )
        fields = [*answer.raw_headers, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=fields, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
