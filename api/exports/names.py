"""Names of files that are offered for download."""

import re
from urllib.parse import quote

from store.documents.reading import Document

# Beside letters, digits and these a name may mean something to a shell, a file system or a header.
_UNSAFE = re.compile(r"[^\w .()+-]+")
_LONGEST = 100


def disposition(document: Document, ending: str) -> str:
    """Return the Content-Disposition of a translation: named after the file that it came from, else after its id."""
    filename = document.metadata.get("filename")
    whole = filename if isinstance(filename, str) else ""
    stem = _safe(whole.rpartition(".")[0] or whole) or _safe(document.id) or "document"
    name = f"{stem}.{document.target}.{ending}"
    # The first for programs that know ASCII only; RFC 6266 says that the second counts where it is understood.
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)[:_LONGEST].strip(" .")
