import socket
import subprocess
import sys
from contextlib import closing

from embedded.ports import LOOPBACK, free_port, release_port
from tests.conftest import ROOT
from tests.waiting import until

HOLD = (
    "import sys; from embedded.ports import free_port; print(free_port(int(sys.argv[1]), set()), flush=True); input()"
)


def test_a_port_belongs_to_one_pipeline_also_while_nobody_listens_on_it() -> None:
    first = free_port(41_000, set())
    command = [sys.executable, "-c", HOLD, str(first)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        theirs = int(other.stdout.readline())
        assert theirs > first, "it is held here"
        mine: set[int] = set()
        assert free_port(theirs, mine) != theirs, "it is held there"
        for port in (*mine, first):
            release_port(port, mine)
        other.kill()
        other.wait()

    def free() -> bool:
        again = free_port(theirs, mine)
        release_port(again, mine)
        return again == theirs

    until(free, what="the port that a killed process held")


def test_a_port_of_another_program_is_left_alone() -> None:
    with closing(socket.create_server((LOOPBACK, 0))) as server:
        port = server.getsockname()[1]
        taken: set[int] = set()
        found = free_port(port, taken)
        assert found > port
        release_port(found, taken)
        assert taken == set()
