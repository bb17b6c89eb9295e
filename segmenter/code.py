"""Program text that was pasted without a fence: it stays as it is, but for its comments."""

import re
from collections.abc import Sequence

from segmenter import marks, prefixes
from segmenter.lines import Line

_STATEMENT = re.compile(
    r"""(?x)\A\s*+(?:
    import\s[\w.{}*,/'"\ ]++;?$ | from\s\S+\s+import\b | (?:using|package|require|use)\s[\w.:\\'"]+;$
  | (?:def|fn|func|function|sub)\s\w[^\n]*[:{)]$
  | (?:class|interface|struct|enum|namespace|module|trait|impl)\s\w[^\n]*[:{]$
  | (?:(?:public|private|protected|static|final|const|let|var|async|export|abstract|void|int|float|double|char|bool|boolean
      |[sS]tring|long|auto|val)[\s*&]++)++[\w<>\[\]]++(?:\(|\s?=|;|\s[\w<>\[\]]++(?:\(|\s?=|;))
  | (?:if|while|for|switch|catch|foreach|elif|elseif)\s?\([^\n]*(?:\)\s?\{?|;)$
  | (?:if|while|for|elif)\s[^\n=<>]*(?:[=<>]|\b(?:in|is|not)\b)[^\n]*:$
  | \}?\s?(?:else|try|finally)\s?[:{]$ | except\b[^\n]{0,60}:$
  | (?:return|throw|raise|yield|echo|print|assert)\b
      (?:[^\n]*;|\s?\(|\s[fbr]?["'\[{][^\n]*|\s[\w.]++(?:\s?[-+*/%<>=&|]++\s?[\w.]++)*)$
  | \#(?:include|define|ifdef|ifndef|endif|pragma)\b | \#! | <\?(?:php|xml) | @[\w.]+(?:\([^()\n]*\))?$
  | (?:SELECT|INSERT\ INTO|UPDATE|DELETE\ FROM|FROM|WHERE|JOIN|ORDER\ BY|GROUP\ BY|VALUES|AND)\s(?:DISTINCT\s)?[a-z*(][^\n]*$
  | (?:CREATE|ALTER|DROP)\s(?:TABLE|INDEX|VIEW|DATABASE)\s | \);?$
  | ["`\[]?\w{1,60}["`\]]?\s(?:(?:BIG|SMALL|TINY)?INT|INTEGER|(?:N?VAR)?CHAR|TEXT|DATE|DATETIME|TIMESTAMP|DECIMAL|NUMERIC
      |BOOLEAN|FLOAT|SERIAL|UUID|JSONB?)\b | (?:PRIMARY|FOREIGN)\sKEY\b
  | [a-z_]{2,30}(?:\s[^\s{};]{1,80}){0,3}\s\{$ | [a-z_]{2,30}\s(?=[^;\n]{0,200}[\d/$])[^;\n]{1,300};$
  | (?:FROM|RUN|CMD|COPY|ADD|WORKDIR|ENV|EXPOSE|ENTRYPOINT|USER|VOLUME|ARG|LABEL|HEALTHCHECK)\s\S
  | (?:Host|HostName|User|Port|IdentityFile|ProxyJump|ForwardAgent)\s\S+$ | \.PHONY\b
  | (?:[\d*/,-]+\s+){5}\S | \([^()\n]*\)[,;]$ | [.\#][\w-]+[^\n{}]{0,80}\{$ | [a-z-]{2,40}:\s?[^;\n]{1,200};$
  | @[a-z]{3,20}\{[\w:.+/-]+,$ | [a-z]{2,30}\s*=\s*(?:[{"][^\n]*[}"]|\d+),?$
  | [a-z][\w./-]{0,40}(?:\s[^\s.!?]{1,60}){0,6}?\s(?:--[a-z][\w-]+|-[a-zA-Z](?!\S))
  | (?:for|while|until|if)\s[^\n]*;\s?(?:do|then)$ | (?:do|done|fi|then|esac)$
  | (?:cp|mv|rm|cd|echo|cat|grep|sed|awk|export|source|exit|tar|ssh|scp)\s[-"'$./~\d]
  | \$\s(?:sudo\s)?[a-z][\w.-]*\s | (?:sudo|apt-get|npm|pip|git|docker|kubectl|curl|chmod|mkdir)\s[\w./-]
  | [a-z_$][\w.$\[\]'"]*+\s?(?:[-+*/|&%:]?=|<-|=>)[=>]?\s?(?:[^\n]*[;)\]}'"{(\[]|[\w.+*/-]++)$ | [a-z_$][\w.]*+(?:\+\+|--);?$
  | [a-z_$][\w.$>-]*+\((?:[^\n]*\);|[^\n"'=.(]*+["'=.(][^\n]*\)|\))$ | [^\n]*(?:\)\s?\{|[}\]];)$
  )"""
)
# Signs that ordinary sentences do not have; a paragraph without any is no code.
_SIGNS = re.compile(
    r"[{};=()]|::|^[A-Z]{3,11}\s|^\t|^\s*[\d*][\d*/,-]*\s[\d*]|\s--[a-z]|\s-[a-zA-Z](?!\S)"
    r"|^\s+(?:HostName|User|Port)\s|\bimport\b|\bdef\b|\$ |[a-z]\.[a-z]"
)
_COMMENT = re.compile(r"(?:^|(?<=[\s;{})]))(?://+|\#+(?!!|[\da-fA-F]{3,8};)|--(?=\s)|/\*+|\"\"\"|'''|<!--)\s*(?=\S)")
_INSIDE = re.compile(r"\A\s*+\*+(?:\s+@(?:param|throws|exception)\s+\S+|\s+@\w+)?(?=\s)")
_STRINGS = re.compile(r"""(?x) (?<!")"[^"\n]*+"(?!") | '[^'\n]*+' """)
_TAGS = re.compile(r"\s*<[a-zA-Z/][^\n]*>$")
# What is built, and from what, in a file of make; the commands for it are indented by a tab.
_TARGET = re.compile(r"[a-z][\w.%/-]{0,60}:(?:\s[\w.%/$()-]{1,60}){0,20}")
_RECIPE = re.compile(r"\t[@a-z$-]")
_ERROR = re.compile(r"[\w.]{0,80}(?:Error|Exception|Warning):\s")
_CLOSING = ('"""', "'''")
_SHARE = 0.5


def comments(lines: Sequence[Line]) -> list[Line] | None:
    """Return the comments of a paragraph of program text; None for a paragraph that is none."""
    if sum(_SIGNS.search(line.text) is not None for line in lines) < _SHARE * len(lines) / 2:
        return None
    found: list[Line] = []
    other: list[Line] = []
    code = 0
    target = folded = False
    for line in lines:
        comment = _comment(line)
        if comment is not None:
            found.append(comment)
        statement = line.text[: comment.start - line.start] if comment is not None else line.text
        bare = statement.rstrip(" \t/#*-")
        if prefixes.is_written(bare):
            continue
        if folded or _STATEMENT.match(bare) or (target and _RECIPE.match(line.text)):
            code += 1
        elif _TARGET.fullmatch(bare):
            target = True
        elif bare.strip() in _CLOSING:
            # What stands before it in the paragraph is the end of a comment.
            found, other = [*found, *other], []
        elif comment is None and marks.has_letter(line.text):
            other.append(line)
        folded = (folded or _STATEMENT.match(bare) is not None) and line.text.endswith("\\")
    return sorted(found) if code > len(other) else None


def _comment(line: Line) -> Line | None:
    if inside := _INSIDE.match(line.text):
        return _without_end(line.after(inside.end()))
    # A sign inside of a string begins no comment.
    text = _STRINGS.sub(lambda match: "_" * len(match.group()), line.text)
    if sign := _COMMENT.search(text) or _ERROR.match(text):
        return _without_end(line.after(sign.end()))
    # Among program text, what people read stands between tags.
    return line if _TAGS.match(text) else None


def _without_end(line: Line) -> Line:
    text = line.text
    for sign in ("*/", '"""', "'''", "-->"):
        text = text.removesuffix(sign)
    return Line(line.start, text.rstrip())
