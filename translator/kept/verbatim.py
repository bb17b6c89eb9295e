r"""Patterns of what stays as it is in any language, for `masks.py`; in verbose notation and without groups that count.

A full stop or comma after an address belongs to the sentence. Lengths are bounded, so that no text takes long.
"""

_URL = r"[^\s<>„“”\"»«]"
_URL_END = r"[^\s<>„“”\"»«.,;:!?)\]'’]"
_FILES = "txt|pdf|csv|xml|html?|css|js|json|ya?ml|conf|ini|log|md|py|java|sh|exe|zip|docx?|xlsx?|png|jpe?g"
_DOMAINS = "com|org|net|eu|de|at|ch|io|info|be|uk|fr"
_OPERATORS = r"(?:[<>!=]=|&&|\|\||[=+*<>])"
_OPERAND = r"(?:[a-z]{1,2}|\d{1,9})"

_BB = r"b|i|u|s|url|color|size|quote|code|list|center|spoiler|email|font|img|h\d|li|td|tr|table|left|right"
_CODE_ELEMENTS = "code|kbd|samp|var|pre|script|style|tt|svg|math"

# What begins a tag of HTML where its attributes are words without a value: `<INPUT DISABLED>`.
_HTML = (
    "a|abbr|b|big|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|dialog|div|dl|dt|em|fieldset|font|footer"
    "|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|mark|meta|nav|ol|optgroup|option|p|pre"
    "|q|s|script|section|select|small|span|strike|strong|style|sub|summary|sup|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt"
    "|u|ul|video|audio"
)
# What people are to write in brackets in a letter.
_FILLED_IN = (
    "Adresse|Anrede|Anschrift|Betrag|Datum|E-Mail|Firma|Kundennummer|Nachname|Name|Nummer|Ort|PLZ|Straße|Telefon|Titel|Uhrzeit"
    "|Unternehmen|Vorname|Zahl"
)

ELEMENTS = rf"""
    \[\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}},?\ \d{{1,2}}:\d{{2}}(?::\d{{2}})?\] | data:[\w/.+-]{{1,60}};base64,[\w+/=]{{1,2000}} |
    {"|".join(f"<{name}(?:[ ][^<>]{{0,200}})?>[^<]{{1,300}}</{name}>" for name in _CODE_ELEMENTS.split("|"))}
  | <[a-z]{{1,20}}\ [^<>]{{0,200}}translate="no"[^<>]{{0,200}}>[^<]{{1,300}}</[a-z]{{1,20}}>
  | <(?:https?://|mailto:|tel:)[^\s<>]{{1,400}}> | <[\w.+-]{{1,64}}@[\w.-]{{1,200}}>
  | (?<!\w)[A-Za-z]{{1,2}}<su[bp]>[\w+-]{{1,6}}</su[bp]>[A-Z\d]{{0,6}}
  | (?<!\w)[A-Za-z]{{1,2}}(?:~\w{{1,3}}~|\^\w{{1,3}}\^)\w{{0,4}}
  | \[(?:img|code)\][^\[\]\n]{{1,300}}\[/(?:img|code)\]
  | <(?!(?i:{_HTML})[\ >])(?:[A-ZÄÖÜ][A-ZÄÖÜ\d]*+(?:[_-][A-ZÄÖÜ\d]{{1,20}}){{1,6}}
      |[A-ZÄÖÜ][\w-]{{1,30}}(?:\ [^\W\d_][\w-]{{0,30}}){{1,4}}|[A-ZÄÖÜ][\w-]{{1,30}}(?=>[^\n<]*+(?!</)))>
  | (?<![!\]\w])\[(?:[A-ZÄÖÜ][A-ZÄÖÜ_]{{2,30}}|(?:(?:Ihr|Dein)(?:e[nmrs]?)?[ ])?(?:{_FILLED_IN}))\](?![(\[:{{+*?])
  | \[\[[^\[\]|\n]{{1,100}}\]\] | __[A-Z][A-Z_]{{0,60}}__ | @@\w{{1,60}}@@
  | \*{{1,2}}(?:/\*{{1,2}}){{0,3}}/?\.[a-z]{{1,5}}(?!\w)
  | \\\([^\n]{{1,300}}?\\\) | \\\[[^\n]{{1,300}}?\\\] | \$\$[^$\n]{{1,300}}\$\$
  | (?<![\w$\\])\$(?![\s\d]+[,.\s])[^$\s](?:[^$\n]{{0,200}}[^$\s\\])?\$(?![\w$])
  | :[a-z]{{2,20}}:`[^`\n]{{1,200}}`
  | \\(?:(?:page|eq|name|auto|c)?ref|cite[pt]?|label|url|includegraphics|input|begin|end|footcite)
      \*?(?:\[[^\]\n]{{0,80}}\])?\{{[^{{}}\n]{{1,200}}\}}
"""
"""Whole elements of which nothing is translated: code, formulas, addresses in angle brackets, references."""

OPENING = rf"""
    <[a-zA-Z][\w:-]{{0,30}}(?:\s[^<>\n]{{0,300}})?(?<!/)> | <\d{{1,3}}>
  | \[(?:{_BB})(?:=[^\]\n]{{0,200}})?\]
  | \[[a-z][\w-]{{1,30}}(?:\ [\w-]{{1,30}}="[^"\n]{{0,200}}"){{1,9}}\]
  | (?<!\w)(?:link|xref|footnote|btn|menu):[^\s\[\]]{{0,300}}\[
  | \[\[(?:[^\[\]|\n]{{1,100}}\|){{1,6}} | \[https?://[^\s\[\]]{{1,300}}\ | <<[\w-]{{1,60}},\ ?
  | \\(?:emph|text[a-z]{{2}}|underline|footnote|(?:sub){{0,2}}section|chapter|paragraph|title|caption|mbox|enquote)\*?\{{
  | \\href\{{[^{{}}\n]{{1,300}}\}}\{{
  | (?<![`\w])`(?=[^`<>\n]{{1,100}}\ <[^<>\s`]{{1,300}}>`__?(?!\w))
  | \{{%-?\ {{0,3}}(?:if|for|block|with|trans|blocktrans|filter|macro|call|unless|case|capture)\b[^%\n]{{0,200}}%\}}
  | \{{\{{[\#^][^{{}}\n]{{1,100}}\}}\}}
"""
"""What opens a stretch of a sentence: a tag, a link, a block of a template, a command of LaTeX."""

CLOSING = rf"""
    </(?:[a-zA-Z][\w:-]{{0,30}}|\d{{1,3}})\s?>
  | \[/[a-z][\w-]{{1,30}}\] | \[/(?:{_BB})\]
  | \]\((?:[^()\s]{{0,400}}(?:\([^()\s]{{0,80}}\))?[^()\s]{{0,200}})
      (?:\ {{1,3}}(?:"[^"\n]{{0,200}}"|'[^'\n]{{0,200}}'))?\)(?:\{{[^{{}}\n]{{1,80}}\}})?
  | \ <[^<>\s`]{{1,300}}>`__?(?!\w)
  | \]\[[^\[\]\n]{{0,80}}\](?:\{{[^{{}}\n]{{1,80}}\}})?
  | \{{%-?\ {{0,3}}end\w{{0,20}}\ {{0,3}}[^%\n]{{0,60}}%\}} | \{{\{{/[^{{}}\n]{{1,100}}\}}\}}
"""
"""What closes such a stretch."""

POINTS = r"""
    </?\#\w[^<>\n]{0,200}> | <@\w[^<>\n]{0,200}> |
    <[a-zA-Z][\w:-]{0,30}(?:\s[^<>\n]{0,300})?/> | <\d{1,3}/>
  | <!--[^\n]{0,300}?--> | <%(?!=)[^\n]{0,200}?%> | <\?(?!=)[^\n]{0,300}?\?> | \{\#[^\n]{0,200}?\#\}
  | <sup>\[?\d{1,3}\]?</sup> | \x1b\[\d{1,3}(?:;\d{1,3}){0,5}m | \{\\[^{}\n]{1,80}\} | \\N(?=\w)
  | \{%[^{}\n]{0,200}%\} | \{\{[<%][^{}\n]{1,200}[>%]\}\} | \{\{(?:else|>)[^{}\n]{0,100}\}\} | \{\{![^{}\n]{0,200}\}\}
  | \[\^[\w-]{1,40}\] | \[@[\w:-]{1,60}\]
  | (?<![\w:]):(?=[a-z])[a-z\d_+-]{2,30}:(?![\w:/]) | \\[*_`\[\]~#]
  | \\[nrt](?![a-z]) | (?<=[\w.,!?:])\\n(?=[a-zäöü])
  | (?<![\w\\:])\\[a-zA-Z]{2,20}(?:\{\})?(?![\w\\{\[(])
  | \{[\w.]{1,60},\ {0,3}(?:plural|selectordinal|select),\ {0,3}(?:(?:[a-z]{1,20}|=\d{1,3})\ ?\{)? | \}\}\Z
  | \}\ ?(?:zero|one|two|few|many|other|=\d{1,3})\ ?\{
  | \A={2,6}(?=\ ) | (?<=\ )(?:={2,6}|\#{1,6})\Z
"""
"""Marks at one place of a sentence: empty elements, comments, statements of templates, notes, short names of emoji."""

EMPHASIS = r"""\\["']|""(?!")|\*{1,3}(?!\*)|(?<!_)_{1,3}(?!_)|~{1,2}(?!~)|\^(?!\^)|==(?!=)|\+{2}(?!\+)|'{2,3}|\|\|"""
"""What opens and closes alike."""

MESSAGE = r"""
    \{\s{0,3}[\w.]{1,60},\s{0,3}(?:plural|selectordinal|select),
  | \{%-?\ {0,3}(?:if|unless|case|for|blocktrans(?:late)?)\b
  | \{\{\#(?:if|unless|each|with)\b | <%-?\ {0,3}(?:if|unless|case)\b
"""
"""Where a message with alternatives may begin (`messages.py`)."""

BRACKETS = r"(?:(?<!\w)!)?\[(?!\s)|\]{1,2}|\}|>>"
"""What opens a link, and may close one or a command; nothing by itself."""

TAGS = r"""
    &(?:\#\d{1,6}|\#x[\da-fA-F]{1,6}|[a-zA-Z]{2,8});
  | \{[\w.]{1,60},\ {0,3}(?:number|date|time|list|duration|plural|select|selectordinal)[^\n]{0,300}?\}\}?\s?\}
  | \{[\w.]{1,60},\ {0,3}(?:number|date|time|list|duration|ordinal|spellout)(?:,[^{}\n]{1,80})?\}
  | \$\{[^{}\n]{1,80}\}(?:/[\w.-]{0,80}\w){0,20}
  | <<[\w.-]{1,40}>> | (?<=\s)(?:<?[-=]{1,3}>|<[-=]{1,3})(?=\s) | \{{2,3}[^{}\n]{1,200}\}{2,3} | <[%?]=[^\n]{1,200}?[%?]>
  | [$%\#@]?\{[\w.:\#/\ $-]{1,60}\} | \{[\w.\[\]]{0,40}(?:![rsa])?(?::[^{}\s]{0,20})?\}
  | \{\ ?[A-Z]{3,20}\([^(){}\n]{1,100}\)\ ?\}
  | \$tc?\([^()\n]{1,100}\) | @:[a-z][\w.]{1,60}
"""
"""Entities of XML and HTML, placeholders of templates; they may touch a word."""

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
    ```[^`\n]{{1,200}}``` | (?<!`)``[^`\n](?:[^`\n]|`(?!`)){{0,200}}``(?!`) | `[^`\n]{{1,300}}`
  | (?:https?|ftp|HTTPS?)://(?:{_URL}{{0,200}}\([\w-]{{1,80}}\)(?!\w)|{_URL}*{_URL_END})
  | mailto:[\w.+@-]{{3,120}}\w | tel:\+?\d{{3,20}}
  | (?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,8}}
  | www\.[\w-]+\.{_URL}*{_URL_END}
  | (?<![\w.-])(?:[a-z\d][a-z\d-]{{0,62}}\.){{1,4}}(?:{_DOMAINS})(?:/{_URL}*{_URL_END})?(?![\w-])
  | (?<![\w\\.-])[\w.-]{{1,60}}(?:\\[\w.-]{{1,60}}){{1,10}}(?<=\.(?:txt|pdf|csv|xml|ini|log|exe|zip|doc|xls|png|jpg|bat|dll))
  | (?<=["'(\s])/(?!in(?:nen)?\b)[a-z][\w.-]{{1,80}}(?<![.-])(?![\w/])
  | (?<![\w/.-])[a-z]{{2,20}}(?:/[\w.]{{1,40}}){{0,4}}/[a-z\d]{{1,30}}(?:[-_][a-z\d]{{1,30}}){{1,5}}(?![\w-])
  | (?<!\w)\w{{1,3}}\^(?:\w{{1,3}}|\{{[\w+-]{{1,10}}\}})(?![\w^])
  | (?<![\w/.-])~?(?:/[\w.-]{{0,80}}\w){{2,20}}/?
  | (?<!\w)(?:[A-Z]:|\\|%[A-Z]{{2,30}}%)\\(?:[\w.()$-]{{1,80}}(?:\ [\w.()-]{{1,40}}){{0,3}}\\){{0,20}}
      (?:[\w.-]{{1,80}}\.(?:{_FILES})(?!\w)|\w[\w-]{{0,40}}(?:\ [\w-]{{1,40}}){{1,3}}\.(?:{_FILES})(?!\w)|[\w.-]{{0,80}}\w)?
  | (?<=[„“"»'‚])[^„“”"«»'‚‘\n]{{1,80}}\.(?:{_FILES})(?=[“”"«'‘])
  | (?<!\w)(?:Strg|Ctrl|Alt|AltGr|Umschalt|Shift|Cmd|Win|Esc|Entf|F\d{{1,2}}|⌘|⌥)
      (?:\ ?\+\ ?(?:[A-ZÄÖÜ]\w{{0,11}}|\w|[+\-⌫↑↓←→])(?!\w)){{1,4}}
  | (?<![\w./])\.{{1,2}}(?:/[\w.-]{{0,80}}\w){{1,20}}/?
  | (?<![\w.-])[\w-]{{1,80}}\.(?:{_FILES})(?::\d{{1,6}})?(?!\w)
  | %\([\w.-]{{1,60}}\)[-+0\d.]{{0,6}}[sdifrxgu] | %(?:[YmdHMSBbAajyIp])(?:[-/.:,\ ]{{0,2}}%[A-Za-z]){{1,8}}
  | %(?:\d{{1,2}}\$)?[-+0\#']{{0,3}}\d{{0,3}}(?:\.\d{{1,3}})?(?:hh?|ll?|[zjtLq])?[sdifuxXoceEgGp@](?!\w)
  | %[A-Za-z_][\w.-]{{1,40}}%(?!\w) | %%\w{{1,60}}%% | %% | \$[A-Za-z][A-Za-z_]{{1,60}} | (?<![^\s(]):[a-z_]{{2,30}}(?![\w:])
  | \#{{2}}[A-Z][A-Z_]{{1,40}}\#{{2}}
  | (?<!\w)[\#@][^\W\d_][\w]{{1,60}}(?:[.-]\w{{1,60}}){{0,4}}(?![\w(]) | \#[\dA-F]{{6}}(?!\w)
  | (?:SELECT|INSERT|UPDATE|DELETE)\ [^;\n]{{1,300}};
  | SELECT\ [\w*,.()\ ]{{1,100}}?\ FROM\ [\w.]{{1,60}}
      (?:\ WHERE\ [\w.]{{1,40}}\ ?(?:=|<>|[<>]=?|LIKE|IN)\ ?(?:'[^'\n]{{0,60}}'|[\w.%?:]{{1,40}}))?
  | (?<!\w)[a-z]{{2,20}}(?:-[a-z]{{2,20}}){{0,3}}:\ [\w\ .\#%-]{{1,30}};
  | \^[^\s^]{{2,100}}\$(?!\w) | (?<!\w)/\^[^\s]{{1,100}}\$/[gimsux]{{0,5}}(?!\w)
  | (?:\[[^\[\]\s]{{2,30}}\]|\\[dwsbDWS])(?:[+*?]|\{{\d[\d,]{{0,5}}\}})
      (?:\[[^\[\]\s]{{2,30}}\]|\\[dwsbDWS.]|[+*?@.-]|\{{\d[\d,]{{0,5}}\}}){{0,20}}
  | (?<![\w-])[A-Za-z][\w:-]{{0,40}}="[^"\n]{{0,80}}"
  | "[\w-]{{1,60}}":\ (?:true|false|null|\d{{1,20}}|"[^"\n]{{0,60}}")
  | (?=[\w@-])(?:(?<!\w)(?:int|char|float|double|void|long)\ \**\w{{1,40}}
      (?:\ =\ [^;\n]{{1,60}};|\([^)\n]{{0,80}}\)(?:\ ?\{{[^}}\n]{{0,200}}\}})?)
  | (?<!\w)(?:if|while|for)\ ?\([^()\n]{{1,80}}\)\ ?\{{[^}}\n]{{0,200}}\}}
  | (?<!\w)for\ \w{{1,20}}\ in\ [\w.]{{1,40}}\([^)\n]{{0,40}}\):(?:\ \w{{1,40}}\([^)\n]{{0,80}}\))?
  | (?<!\w)(?:git|pip|npm|docker|sudo|apt|make|python3?)\ [a-z]{{2,12}}
      (?:\ [a-z]{{1,10}}(?=\ --?\w))?(?:\ --?\w[\w-]{{0,30}}(?:\ "[^"\n]{{0,60}}")?){{1,9}}
  | (?<!\w)@?[A-Za-z_][\w.]{{0,80}}\((?:|"[^"\n]{{0,80}}"|'[^'\n]{{0,80}}')\)
  | (?<!\w)[A-Za-z_]\w{{0,60}}(?:\.[A-Za-z_]\w{{0,60}}){{1,8}}\([^()\n]{{0,80}}\)
  | (?<![\w.])[a-z]\w{{1,30}}(?:\.[a-z_]\w{{1,30}}){{2,6}}(?![\w.]\w|\w)
  | (?<!\w)(?:sudo\ )?(?:git|pip|npm|npx|yarn|docker|kubectl|apt|apt-get|systemctl|make|cargo|brew|go|helm)
      \ (?:install|uninstall|run|build|start|stop|restart|reload|enable|disable|status|update|upgrade|commit|push|pull|clone
        |checkout|add|test|exec|logs|apply|get|init|compose|fetch|merge|rebase|log)(?!\w)
      (?:\ (?:--?\w[\w-]{{0,30}}|[\w-]{{0,40}}[./=_@:][\w./=@:-]{{0,80}}\w|up|down
        |[a-z\d]{{1,20}}(?:-[a-z\d]{{1,20}}){{1,4}}|"[^"\n]{{0,60}}")(?!\w)){{0,9}}
  | (?<!\w)[A-Za-z]\w{{0,60}}_(?!in(?:nen)?\b)\w{{1,60}}
  | (?<![\w-])[\w-]{{1,60}}==\d[\d.]{{0,20}}(?<!\.) | (?<![\w-])--[a-z][\w-]{{1,40}}
  | (?<!\w)(?=\w{{10,}})(?!\w*In(?:nen)?\b)[A-Za-z][a-z]{{1,30}}(?:[A-Z][a-z]{{1,30}}){{1,6}}(?!\w))
  | (?<![\w.,]){_OPERAND}(?:\ {_OPERATORS}\ {_OPERAND}){{1,20}}(?!\w);?
"""
"""Program text: code between backticks, addresses of the web and of mail, paths, accounts, commands, names and calls."""

_LAW_PART = r"(?:Abs|UAbs|Nr|lit|Buchst|Ziff|Hs|Alt|Var|S)\.|Satz"
_LAW_PARTS = rf"(?:,?\ (?:{_LAW_PART})\ ?(?:\d{{1,3}}[a-z]?|[a-z]{{1,2}})(?!\w)){{1,6}}"
_LAW = r"(?:\ (?:DS-GVO|[A-ZÄÖÜ][A-Za-zäöü]{0,10}[A-Z](?:\ [IVX]{1,4})?)(?!\w))"
_LAW_NUMBER = r"\d{1,4}[a-z]?(?:\ ff?\.)?"

LAWS = rf"""
    (?<!\w)(?:§{{1,2}}\ ?|Art\.\ ?){_LAW_NUMBER}
      (?:{_LAW_PARTS}(?:(?:,|\ und|\ oder)\ {_LAW_NUMBER}{_LAW_PARTS}){{0,4}}{_LAW}?|{_LAW})
"""
"""References to law with abbreviations, which are looked up as they stand: `§ 5 Abs. 2 Nr. 3 BGB`, `Art. 5 GG`."""

CODES = r"""
    (?=[\w.+\#])(?:
    \d{1,3}°\ ?\d{1,2}['\u2032](?:\ ?\d{1,2}(?:[.,]\d{1,4})?["\u2033])? | (?<![^\s"'(„])\.[a-z][\w-]{1,40}(?![\w.]) |
    (?<!\S)\#(?=\ ) |
    (?<=BIC\ )[A-Z\d]{8,11}(?!\w) |
    (?<!\w)[A-Z]{2}\d{2}(?:\ ?[A-Z\d]{4}){3,7}(?:\ ?[A-Z\d]{1,3})?(?!\w)
  | (?<![\w/])(?:\+\d{1,3}|0\d{2,5})(?:[ /-]\d{2,8}){1,5}(?![\w/-])
  | (?<![\w/])0\d{1,5}\ ?/\ ?\d{2,8}(?:\ ?\d{2,8}){0,5}(?:\ ?-\ ?\d{1,5})?(?![\w/-])
  | (?<![\w/])\d{2,3}(?:/\d{3,6}){2}(?![\w/])
  | (?<![\w:])(?=[\d:]{0,20}(?:::|[a-fA-F]))(?:[\da-fA-F]{1,4}::?){2,7}[\da-fA-F]{1,4}(?![\w:])
  | (?<!\w)[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}(?!\w)
  | (?<!\w)(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{12,64}(?!\w)
  | (?<![\w.])v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:\.\d{1,4})?-?(?:alpha|beta|rc)\.?\d{0,3}(?!\w)
  | (?<![\w.])(?!\d{1,2}\.\d{1,2}\.\d{4})(?!\d{1,3}(?:\.\d{3}){2,}(?![.\d]))v?\d{1,4}(?:\.\d{1,4}){2,3}(?![\w-]|[.,]\d)
  | (?<![\w.])v\d{1,3}(?:\.\d{1,4}){1,3}(?!\w)
  | (?<![\w.])10\.\d{4,9}/[\w.()-]{1,80}\w
  | (?<![\w-])\d{1,13}(?:-\d{1,9}){3,6}(?![\w-])
  | (?<![\w-])(?:(?=[A-Z\d/-]{0,34}\d)[A-Z]{1,4}[\d-][A-Z\d/-]{3,30}|\d[A-Z\d]{1,8}(?:-[A-Z\d]{2,8}){2,6})(?![\w-])
  | (?<![\w-])\d{4}-\d{4}/[A-Z](?!\w)
  | (?<!\w)(?=[A-Za-z+/]{0,40}\d)(?=[a-z\d+/]{0,40}[A-Z])[A-Za-z\d+/]{24,2000}={0,2}(?!\w)
  | (?<![\d.,])\d{9,40}(?![.,]?\d))
"""
"""Accounts, telephones, versions, and what else is looked up letter by letter.

Dates and amounts are not among them: other languages write them in another way.
"""

_SIGN = r"""\x1b>@/\\<{\[`%$\#&=^|*~§\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u0370-\u1fff\u2100-\u2bff\u2c80-\ud7ff
\uf900-\ufdff\U0001f000-\U0001faff""".replace("\n", "")
SIGNS = rf"""[{_SIGN}_A-Z.+'"(:\d-](?:
    (?<=[{_SIGN}]) | (?<=\w_) | (?<=_)(?=\w) | (?<=[a-z][A-Z]) | (?<=[a-z\d]\.)(?=[a-z\d]) | (?<=-)(?=-\w)
  | (?<=['"])(?=['"]) | (?:(?<=\w\+)|(?<=\w\s\+))(?=\s?\w)
  | (?<=\s-)(?=[a-z]+\ ) | (?<=:)(?<!\w:)(?=[a-z]) | (?<=\w\()(?=["')])
  | (?<=\.)(?<!\S\.)(?=[a-z]) | (?<=\+)(?=\+) | (?<=\d)(?=[A-Z\d-]) | (?<=[A-Z])(?=-?\d) | (?<=B)(?=IC) | (?<=A)(?=rt\.)
  | (?<=:)(?=\ [\w\ ]{{1,30}};)
)"""
"""Without one of these, and of COMMANDS, a text has nothing of the above: most sentences are done after one look.

The look is quick because the pattern begins with a class; what stands before the sign is looked at behind it.
"""

COMMANDS = r"\ (?=[a-z])(?:(?<=\b(?:git|npm|pip|apt)\ )|(?<=\bsudo\ )|(?<=\bdocker\ ))"
"""The space behind a command, by which a text without signs may have some."""
