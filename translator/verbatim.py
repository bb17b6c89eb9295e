r"""Patterns of what stays as it is in any language, for `masks.py`; in verbose notation and without groups that count.

A full stop or comma after an address belongs to the sentence. Lengths are bounded, so that no text takes long.
"""

_URL = r"[^\s<>„“”\"»«]"
_URL_END = r"[^\s<>„“”\"»«.,;:!?)\]'’]"
_FILES = "txt|pdf|csv|xml|html?|css|js|json|ya?ml|conf|ini|log|md|py|java|sh|exe|zip|docx?|xlsx?|png|jpe?g"
_DOMAINS = "com|org|net|eu|de|at|ch|io|info|be|uk|fr"
_OPERATORS = r"(?:[<>!=]=|&&|\|\||[=+*<>])"
_OPERAND = r"(?:[a-z]{1,2}|\d{1,9})"

TAGS = r"""
    </?[a-zA-Z][\w:-]{0,30}(?:\s[^<>\n]{0,200})?/?>
  | <!--[^\n]{0,200}?--> | <%[^\n]{0,100}?%>
  | &(?:\#\d{1,6}|[a-zA-Z]{2,8});
  | \[/?[a-z]{1,6}\]
  | \{[\w.]{1,60},\ (?:plural|select|number|date)[^\n]{0,300}?\}\}?\s?\}
  | \$\{\w{1,60}\}(?:/[\w.-]{0,80}\w){0,20}
  | [$%\#]?\{\{?[\w.:\#/\ -]{1,60}\}?\}
  | \[\[[\w\ ]{1,60}\]\] | @@\w{1,60}@@ | __[A-Z][A-Z_]{0,60}__
"""
"""Tags, comments and entities of XML and HTML, tags in brackets, placeholders of templates; they may touch a word."""

SYMBOLS = r"[\u2100-\u2bff\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f]++"
"""Emoji, arrows, mathematical and other signs; they may touch a word."""

FIGURES = r"""
    (?<![\w,.])\d{0,4}\ ?[\u00bc-\u00be] | (?<!\d)\d{1,4}\ ?[\u00bc-\u00be](?!\d)
  | (?:(?<=[^\W\d_]{3})|(?<=[.,;:!?)\]"”“»])|(?<!\S))[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}(?!\w)
"""
"""Fractions with what they belong to, and the figures of notes; they may touch a word. `m²` and `CO₂` are words."""

OTHER_SCRIPTS = r"[\u0370-\u1cff\u2c80-\u2dff\u3005-\ua6ff\ua8e0-\uabff\uac00-\ud7ff\uf900-\ufaff\ufb1d-\ufdff]+"
"""Letters of other scripts than the Latin one."""

PROGRAMS = rf"""
    ```[^`\n]{{1,200}}``` | `[^`\n]{{1,200}}`
  | (?:https?|ftp|HTTPS?)://(?:{_URL}{{0,200}}\([\w-]{{1,80}}\)(?!\w)|{_URL}*{_URL_END})
  | mailto:[\w.+@-]{{3,120}}\w | tel:\+?\d{{3,20}}
  | [\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,8}}
  | www\.[\w-]+\.{_URL}*{_URL_END}
  | (?<![\w.-])(?:[a-z\d][a-z\d-]{{0,62}}\.){{1,4}}(?:{_DOMAINS})(?:/{_URL}*{_URL_END})?(?![\w-])
  | (?<![\w/.-])~?(?:/[\w.-]{{0,80}}\w){{2,20}}/?
  | (?<!\w)[A-Z]:(?:\\[\w.-]{{0,80}}\w){{1,20}}
  | (?<![\w.-])[\w-]{{1,80}}\.(?:{_FILES})(?::\d{{1,6}})?(?!\w)
  | %\([\w.-]{{1,60}}\)[sdif] | %(?:\d{{1,2}}\$)?[sdif](?!\w) | %\d{{0,2}}(?:\.\d)?[df](?!\w)
  | %[A-Z][A-Z_]{{1,30}}% | %% | \$[A-Za-z][A-Za-z_]{{1,60}} | (?<=\s):[a-z_]{{2,30}}(?!\w)
  | (?<!\w)[\#@][A-Za-z]\w{{1,60}} | \#[\dA-F]{{6}}(?!\w)
  | (?:SELECT|INSERT|UPDATE|DELETE)\ [^;\n]{{1,300}};
  | (?<!\w)[a-z]{{2,20}}(?:-[a-z]{{2,20}}){{0,3}}:\ [\w\ .\#%-]{{1,30}};
  | \^[^\s^]{{2,100}}\$(?!\w)
  | "[\w-]{{1,60}}":\ (?:true|false|null|\d{{1,20}}|"[^"\n]{{0,60}}")
  | (?<!\w)(?:int|char|float|double|void|long)\ \**\w{{1,40}}
      (?:\ =\ [^;\n]{{1,60}};|\([^)\n]{{0,80}}\)(?:\ ?\{{[^}}\n]{{0,200}}\}})?)
  | (?<!\w)(?:if|while|for)\ ?\([^()\n]{{1,80}}\)\ ?\{{[^}}\n]{{0,200}}\}}
  | (?<!\w)for\ \w{{1,20}}\ in\ [\w.]{{1,40}}\([^)\n]{{0,40}}\):(?:\ \w{{1,40}}\([^)\n]{{0,80}}\))?
  | (?<!\w)(?:git|pip|npm|docker|sudo|apt|make|python3?)\ [a-z]{{2,12}}
      (?:\ [a-z]{{1,10}}(?=\ --?\w))?(?:\ --?\w[\w-]{{0,30}}(?:\ "[^"\n]{{0,60}}")?){{1,9}}
  | (?<!\w)[A-Za-z_][\w.]{{0,80}}\((?:|"[^"\n]{{0,80}}"|'[^'\n]{{0,80}}')\)
  | (?<!\w)[A-Za-z_]\w{{0,60}}(?:\.[A-Za-z_]\w{{0,60}}){{1,8}}\([^()\n]{{0,80}}\)
  | (?<!\w)[A-Za-z]\w{{0,60}}_\w{{1,60}} | [\w-]{{1,60}}==\d[\d.]{{0,20}}(?<!\.) | (?<![\w-])--[a-z][\w-]{{1,40}}
  | (?<!\w)(?=\w{{10,}})(?!\w*In(?:nen)?\b)[A-Za-z][a-z]{{1,30}}(?:[A-Z][a-z]{{1,30}}){{1,6}}(?!\w)
  | (?<![\w.,]){_OPERAND}(?:\ {_OPERATORS}\ {_OPERAND}){{1,20}}(?!\w);?
"""
"""Program text: code between backticks, addresses of the web and of mail, paths, accounts, commands, names and calls."""

CODES = r"""
    (?<=BIC\ )[A-Z\d]{8,11}(?!\w) |
    (?<!\w)[A-Z]{2}\d{2}(?:\ ?[A-Z\d]{4}){3,7}(?:\ ?[A-Z\d]{1,3})?(?!\w)
  | (?<![\w/])(?:\+\d{1,3}|0\d{2,5})(?:[ /-]\d{2,8}){1,5}(?![\w/-])
  | (?<![\w/])\d{2,3}(?:/\d{3,6}){2}(?![\w/])
  | (?<!\w)[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}(?!\w)
  | (?<!\w)(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{12,64}(?!\w)
  | (?<![\w.])v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:\.\d{1,4})?-?(?:alpha|beta|rc)\.?\d{0,3}(?!\w)
  | (?<![\w.])(?!\d{1,2}\.\d{1,2}\.\d{4})(?!\d{1,3}(?:\.\d{3}){2,}(?![.\d]))v?\d{1,4}(?:\.\d{1,4}){2,3}(?![\w-]|[.,]\d)
  | (?<![\w.])v\d{1,3}(?:\.\d{1,4}){1,3}(?!\w)
  | (?<![\w.])10\.\d{4,9}/[\w.()-]{1,80}\w
  | (?<![\w-])\d{1,13}(?:-\d{1,9}){3,6}(?![\w-])
  | (?<![\w-])(?:(?=[A-Z\d/-]{0,34}\d)[A-Z]{1,4}[\d-][A-Z\d/-]{3,30}|\d[A-Z\d]{1,8}(?:-[A-Z\d]{2,8}){2,6})(?![\w-])
  | (?<![\w-])\d{4}-\d{4}/[A-Z](?!\w)
  | (?<![\d.,])\d{9,40}(?![.,]?\d)
"""
"""Accounts, telephones, versions, and what else is looked up letter by letter.

Dates and amounts are not among them: other languages write them in another way.
"""

SIGNS = r"""[@/\\<{\[`%$\#&=^|]
  | [\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u0370-\u1fff\u2100-\u2bff\u2c80-\ud7ff\uf900-\ufdff\U0001f000-\U0001faff]
  | \w_|[a-z][A-Z]|[a-z\d]\.[a-z\d]|--|\s-[a-z]+\ |\s:[a-z]|\w\(["')]|\d[A-Z\d-]|[A-Z]-?\d|BIC|:\ [\w\ ]{1,30};"""
"""Without one of these a text has nothing of the above: most sentences are done after one look."""
