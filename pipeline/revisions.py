"""Telling texts apart that claim to be the same part."""

import hashlib
import json

from pipeline.events import DocumentPart


def revision(part: DocumentPart) -> str:
    """Return a digest of what the translation of a part depends on: its text, languages, model and terms.

    The same part, however often it is sent, has the same revision; another text under its number has another.
    """
    text = "\0".join((part.source, part.target, part.model or "", part.text))
    if part.terms:
        text += "\0" + json.dumps(part.terms, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
