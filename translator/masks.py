"""What no model should touch: addresses, placeholders and code inside a sentence.

Each is replaced by a short name (X1, X2, …), which models copy, and put back afterwards. A small model given the address
itself spells it anew.
"""

import re
from dataclasses import dataclass

# Addresses of the web and of mail; placeholders of format strings and templates; code between backticks; XML and HTML tags.
# A full stop or comma after an address belongs to the sentence.
_KEPT = re.compile(
    r"""(?x)
    (?:https?|ftp)://[^\s<>„“”"»«]*[^\s<>„“”"»«.,;:!?)\]'’]
  | www\.[\w-]+\.[^\s<>„“”"»«]*[^\s<>„“”"»«.,;:!?)\]'’]
  | [\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}
  | `[^`\n]{1,200}`
  | \$?\{\{?[\w.:\ -]{1,60}\}?\}
  | %\([\w.-]{1,60}\)[sdif]
  | %(?:\d{1,2}\$)?[sdif]\b
  | </?[a-zA-Z][\w-]{0,30}(?:\s[^<>\n]{0,200})?/?>
    """
)
# Words set wide, as title pages have them ("K U R T  W O L F F"): models read letters.
_SET_WIDE = re.compile(r"\W*(?:\w(?:\W+|$)){5,}")
NAME = re.compile(r"\bX\d+\b")
"""What stands for something that is kept."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with names in place of what is kept; `kept` has what each name stands for."""

    text: str
    kept: dict[str, str]

    @property
    def nothing_left(self) -> bool:
        """Whether the sentence has nothing but what is kept, numbers, punctuation and single letters."""
        if _SET_WIDE.fullmatch(self.text):
            return True
        return bool(self.kept) and not any(map(str.isalpha, NAME.sub("", self.text)))


def mask(text: str) -> Masked:
    """Return the sentence with names in place of what no model should touch; as it is where it uses such names itself."""
    if not _KEPT.search(text) or NAME.search(text):
        return Masked(text, {})
    kept: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        # A name that is glued to a word would become part of it.
        around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        if any(character.isalnum() or character == "_" for character in around):
            return match.group()
        name = f"X{len(kept) + 1}"
        kept[name] = match.group()
        return name

    return Masked(_KEPT.sub(replace, text), kept)


def missing(source: str, translation: str) -> bool:
    """Whether a translation of masked text has lost or doubled a name."""
    wanted = sorted(NAME.findall(source))
    return bool(wanted) and sorted(NAME.findall(translation)) != wanted


def unmask(translation: str, kept: dict[str, str]) -> str:
    """Put back what the names stand for."""
    return NAME.sub(lambda match: kept.get(match.group(), match.group()), translation) if kept else translation
