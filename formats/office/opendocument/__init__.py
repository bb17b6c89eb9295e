"""OpenDocument: texts, presentations, spreadsheets and drawings, as archives (.odt) and as single files (.fodt).

`scanning` finds the texts of a part, `paragraph` is one of them with everything that is within it, `writing` writes it anew.
"""

from formats.office.opendocument.package import read, write

__all__ = ["read", "write"]
