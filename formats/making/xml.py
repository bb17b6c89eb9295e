"""Text as XML holds it."""

import re
from xml.sax.saxutils import escape, quoteattr

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference."""


def content(text: str) -> str:
    """Return a text as the content of an element; what XML cannot hold becomes U+FFFD."""
    # A bare carriage return would come out of the parser as a line feed.
    return escape(FORBIDDEN.sub("\ufffd", text), {"\r": "&#13;"})


def quoted(text: str) -> str:
    """Return a text as the value of an attribute, with its quotes; what XML cannot hold becomes U+FFFD."""
    return quoteattr(FORBIDDEN.sub("\ufffd", text))
