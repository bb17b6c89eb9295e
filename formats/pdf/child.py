"""The process that reads pages: a file on standard input, a line of JSON a page on standard output."""

import os
import resource
import sys

import msgspec

MEMORY = 1 << 30
"""Bytes that it may have in all."""
SECONDS = 300
"""Of work, in all."""


def main() -> None:
    """Read the pages."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0),
        # It writes to no file, and starts nothing.
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NPROC, 0),
    ):  # fmt: skip
        resource.setrlimit(limit, (value, value))
    from formats.pdf.extracting import pages

    encoder = msgspec.json.Encoder()
    with os.fdopen(0, "rb") as file:
        for line in pages(file):
            sys.stdout.buffer.write(encoder.encode(line) + b"\n")
            # Whoever waits for a page sees that there is one.
            sys.stdout.flush()
    # Nothing is closed: that is what hostile files break, and the process ends anyway.
    os._exit(0)


if __name__ == "__main__":
    main()
