"""Asks the process in the same container whether it gets on with its work: python -m pipeline.health.

Exit status 0 if so. For container health checks; an orchestrator may ask `/livez` itself.
"""

import http.client
import os
import sys


def main() -> None:
    """Ask, and exit with 1 if the answer is not good."""
    port = int(os.environ.get("SATZSTROM_METRICS_PORT", "9464"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        sys.stdout.write(answer.read().decode())
        sys.exit(0 if answer.status == http.client.OK else 1)
    except OSError as error:
        sys.exit(f"no answer on port {port}: {error}")


if __name__ == "__main__":
    main()
