"""Single lines of which a beginning, an end, or all of it is for programs: logs, TeX, templates, references, tags."""

import re

from segmenter import marks
from segmenter.lines import Line

_TEMPLATE = re.compile(
    r"\{%\s?comment\s?%\}[^{}\n]{0,300}\{%\s?endcomment\s?%\}|\{%[^\n]{0,300}?%\}|\{\{[^{}\n]{0,300}\}\}|\{#[^\n]{0,300}?#\}|<%[^\n]{0,300}?%>|</?[a-zA-Z][^<>\n]{0,500}>"
    r"|<[!?][^<>\n]{0,500}>|\$\{[^{}\n]{0,300}\}|\{[:.#%][^{}\n]*\}|&\#?\w{1,8};"
)
_MAY_BE_KEPT = re.compile(r"[<{&\[\\%#]|-----|npm|HTTP|^[A-Z]+\s/|\.\.|:|^\s*(?:commit|[-d]r)|^@@|^(?:---|\+\+\+)\s")
_KEPT = re.compile(
    r"""(?x)\A\s*+(?:
    \[[^\]\n^]{1,200}\]:\s+(?:<[^>]*>|\S+)(?:\s+["'(]\S*)?$
  | \.\.\s(?:_[^:]{1,80}:|\|[^|]{1,80}\|).* | \.\.$
  | \[(?:source|listing|quote|verse|cols|options|\[|\#|\.)[^\]\n]*\]+$ | (?:image|include|ifdef|endif|toc)::\S*$
  | \\(?:documentclass|usepackage|newcommand|renewcommand|input|include|label|bibliography|bibliographystyle|maketitle
      |begin(?!\{frame\}\{)|end|tableofcontents|centering|includegraphics|vspace|hspace|newpage|clearpage|setlength|pagestyle|noindent|bigskip)\b
      \*?(?:\[[^\]\n]*\]|\{[^{}\n]*\})*+\s*$
  | (?:\\[a-zA-Z@]+\*?(?:\[[^\]\n]*\])?\s*)+$
  | :{3,}(?:\s?\{?[\w.-]{1,40}\}?)?\s*$ | %[%!\s].*\\.* | !\[\]\([^()\n]*\)$
  | \[(?:ti|ar|al|by|offset|length|re|ve):[^\]\n]*\]$
  | \[![\w-]{1,20}\][+-]?$ | :[\w-]{1,40}:\s+[a-z\d]\S*$
  | \#\+(?!(?i:(?:sub)?title|caption|description|author):)\w+(?::.*|$|\s.*) | DEADLINE:.*|SCHEDULED:.* | \.PHONY:.*
  )"""
)
# Lines that programs write: of a version control, an access log, a list of files, where a program broke off.
_WRITTEN = re.compile(
    r"""(?x)\A\s*+(?:
    commit\s[\da-f]{7,40}\b.*$ | Author:\s.*<[^<>\s]+@[^<>\s]+>$ | (?:Author|Commit)?Date:\s{2,}.*$
  | (?:Signed-off|Co-authored|Reviewed|Acked|Tested)-by:\s.* | (?:---|\+\+\+)\s(?:[ab]/\S|/dev/null|\S+\.\w+(?:\s|$)).*
  | @@\s-\d.*
  | \S+\s\S+\s\S+\s\[\d{1,2}/\w{3}/\d{4}:.* | [-bcdlps](?:[r-][w-][xsStT-]){3}[.+@]?\s.*
  | Traceback\s\(most\ recent\ call\ last\):$ | File\s"[^"]+",\sline\s\d+.* | at\s[\w$.<>/]+\([^()]*\)$
  | [\w.-]+@[\w.-]+:[^\s$\#]*[$\#](?:\s.*)?$ | [A-Z]:\\[^<>\n]*>\S.* | -->\s\S+:\d+.* | npm\sERR!\scode\s.*
  | HTTP/\d\S*\s\d{3}\b.* | (?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS)\s\S+(?:\sHTTP/\S+)?$
  | -----BEGIN\s[A-Z\ ]+-----$ | Hash:\sSHA\d+$
  )"""
)
_DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}|\d{1,2}/(?:\d{1,2}|\w{3})/\d{2,4}|(?:[A-Z][a-z]{2}\s)?[A-Z][a-zä]{2}\s{1,2}\d{1,2})"
)
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[AP]M)?(?:Z|\s?[+-]\d{2}:?\d{2})?"
_LEVEL = r"[\[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|SEVERE)[\])>]?"
_LOG = re.compile(
    rf"""(?x)\A\s*+(?:
    [\[(]?(?:{_DATE}(?:[,T]?\s?{_TIME})(?!\s*Uhr)(?:\s\d{{4}}(?=\]))?|\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,9}})?(?:\s[AP]M)?)[\])]?(?:\s|[-,:|]|(?={_LEVEL}))\s*+(?:[-–|:]\s+)?
      (?:{_LEVEL}:?\s+|\[[^\]\n]{{1,80}}\]:?\s+|<[@+%]?[\w-]{{1,40}}>\s+){{0,6}}
      (?:[\w.-]{{1,60}}\s+[\w$/.-]{{1,80}}(?:\[\d{{1,8}}\]|(?<=kernel)):\s+(?:\[\s*[\d.]+\]\s+)?)?
  | {_LEVEL}(?::[a-z_][\w.]{{0,80}}:|:|\s)\s*+(?:\[[^\]\n]{{1,80}}\]:?\s+)*
  )(?:[\w$]{{1,60}}(?:\.[\w$]{{1,60}})+:?\s+)?(?:[-–|:]\s+)?"""
)
# A time at the beginning of a line of a timetable; "8:15 Uhr" and "8:15 fuhr er" are sentences.
_CLOCK = re.compile(r"\A\s*+\d{1,2}:\d{2}(?:\s?[-–]\s?\d{1,2}:\d{2})?[\s–-]+(?!Uhr|\d)(?=[A-ZÄÖÜ])")
_HEADING = re.compile(
    r"\s*\\(?:part|chapter|(?:sub){0,2}section|paragraph|title|caption|textbf|emph|frametitle|opening|closing|begin\{frame\}"
    r"|setkomavar\{subject\})\*?\{(?=[^{}\n]*\}\s*$)"
)
# What stands before the text of a line: an item of TeX; the name of a field of reStructuredText, an attribute of AsciiDoc,
# a sign of a chat (:warning:); the time of a line of a song, the frames of a subtitle; a name of Org, a heading of Jira, a
# title of AsciiDoc.
_ITEM = re.compile(
    r"\A\s*+(?:\\item(?:<[^<>\n]*>)?(?:\[[^\]\n]*\])?\s+|:[\w-]{1,40}(?:\s[\w.*]{1,40}){0,2}:(?:\s+|$)"
    r"|(?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]\s*){1,9}+(?:<[@+%]?[\w-]{1,40}>\s+)?|\{\d{1,8}\}\{\d{1,8}\}"
    r"|npm (?:ERR!|WARN)\s+|[\w./\\-]{1,80}:\d{1,6}(?::\d{1,4})?:\s(?:fatal )?(?:error|warning|note):\s"
    r"|\#\+\w{1,30}:\s+|h[1-6]\.\s+|\.(?=[A-ZÄÖÜ][a-zäöüß]))"
)
# Where a reference of Markdown leads to, with the title that is shown there (one word of it may as well be a name); the
# title of an admonition.
_TITLED = re.compile(
    r"\A\s*+(?:\[[^\]\n^]{1,200}\]:\s+(?:<[^>\n]*>|\S++)\s+|(?:!!!|\?\?\?\+?)\s+[\w-]{1,40}(?:\s[\w-]{1,40}){0,5}\s+)"
    r"(?:\"(?=[^\n]*\"$)|'(?=[^\n]*'$)|\((?=[^\n]*\)$))"
)
# A branch of a plural on a line of its own.
_BRANCH = re.compile(r"\A\s*(?:zero|one|two|few|many|other|=\d{1,4})\s*\{(?=[^\n{}]*+(?:\{[^{}\n]*+\}[^\n{}]*+)*+\}$)")


def is_kept(text: str) -> bool:
    """Whether a line is for programs altogether."""
    if not _MAY_BE_KEPT.search(text):
        return False
    if _KEPT.match(text) or is_written(text):
        return True
    rest, found = _TEMPLATE.subn("", text)
    return found > 0 and not marks.has_letter(rest)


def is_written(text: str) -> bool:
    """Whether a line is one that a program wrote about itself, or for another program."""
    return _WRITTEN.match(text) is not None


def inner(line: Line) -> Line:
    """Return what people read of a line: a log's message, a heading of TeX without its command."""
    text = line.text
    if heading := _HEADING.match(text) or _BRANCH.match(text):
        return Line(line.start + heading.end(), text[heading.end() : text.rindex("}")])
    if titled := _TITLED.match(text):
        return line.part(titled.end(), len(text) - 1)
    for pattern in (_LOG, _CLOCK, _ITEM):
        if found := pattern.match(text):
            return line.after(found.end())
    return line


_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})(?:\s[^<>\n]{0,500})?(/?)>\s*")
_SINGLE = re.compile(r"(?:\{%[^\n{}]*%\}|<!--[^\n]{0,500}?-->|<(?:br|hr|img|wbr|input)\b[^<>\n]*>)\s*")
_LAST = re.compile(
    r"(?:</([a-zA-Z][\w:-]{0,40})>|<(?:br|hr|img|wbr)\b[^<>]{0,200}>|\{%[^{}]{0,200}%\}|\{[:.#][^{}]{0,80}\}|\*/)$"
)
_EMPHASIS = ("***", "___", "**", "__", "~~", "*", "_")
_FAR = 600


def peel(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave outside tags, comments, statements of templates and emphasis that a whole stretch stands in."""
    while start < end:
        first = text[start]
        if first in "<{":
            before = start
            start = _peel_first(text, start, end)
            if start != before:
                continue
        if text[end - 1] in ">}/":
            before = end
            end = _peel_last(text, start, end)
            if end != before:
                continue
        if first in "*_~" and text[end - 1] == first:
            mark = next((one for one in _EMPHASIS if text.startswith(one, start)), "")
            size = len(mark)
            if (
                mark
                and end - start > 2 * size
                and text.endswith(mark, start, end)
                and first not in text[start + size : end - size]
            ):
                return start + size, end - size
        break
    return start, end


def _peel_first(text: str, start: int, end: int) -> int:
    if single := _SINGLE.match(text, start, end):
        return single.end()
    tag = _TAG.match(text, start, end)
    if tag and not (tag[1] or tag[3]):
        closing = text.find(f"</{tag[2]}>", tag.end(), end)
        # One that is closed within the stretch belongs to its words.
        if closing < 0 or closing + len(tag[2]) + 3 == end:
            return tag.end()
        return start
    return tag.end() if tag else start


def _peel_last(text: str, start: int, end: int) -> int:
    last = _LAST.search(text, max(start, end - _FAR), end)
    if last is None or (last[1] and f"<{last[1]}" in text[start : last.start()]):
        return end
    return start + len(text[start : last.start()].rstrip())
