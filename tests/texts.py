"""Texts that are hard to keep byte for byte."""

from hypothesis import strategies as st

CORNER_CASES = {
    "empty": "",
    "space": " ",
    "white space only": " \t\r\n\n\u00a0\u2003\n",
    "crlf": "Erste Zeile.\r\nZweite Zeile.\r\n\r\nNeuer Absatz.\r\n",
    "lone carriage returns": "Eins.\rZwei.\r\rDrei.",
    "tabs": "\tEingerückt.\nName\tAlter\tOrt\nAnna\t42\tUlm\n",
    "blank lines around": "\n\n\n  Text in der Mitte.  \n\n\n",
    "byte order mark": "\ufeffGuten Tag.",
    "byte order mark inside": "Guten\ufeff Tag.",
    "combining marks": "U\u0308ber A\u0308rger und e\u0301t\u00e9.",
    "astral": "Das war großartig! 😀 Bis bald! 👍🏽 𝔉𝔯𝔞𝔨𝔱𝔲𝔯",
    "emoji sequences": "👨‍👩‍👧‍👦 sind da. 🇩🇪 auch.",
    "zero width": "Ein\u200bWort\u200d und\u2060 noch\u200c eins.",
    "right to left": "שלום עולם. مرحبا بالعالم! \u202eumgekehrt\u202c",
    "nul": "vor\0nach. Noch\0 ein Satz.",
    "controls": "\x01\x02\x1b[31mrot\x1b[0m\x7f\x85\u2028\u2029Ende.",
    "non-characters": "\ufffe\uffff\U0010ffff",
    "dollar": "$text ist kein Feld. {$set: 1} auch nicht. $$NOW.",
    "lists": "1. Mehl\n2) Eier\n- Salz\n  * Zucker\n(a) Backen\nIV. Essen\n",
    "rules": "Oben\n-----\n* * *\nUnten\n",
    "verse": "Wer reitet so spät durch Nacht und Wind?\n    Es ist der Vater mit seinem Kind;\n",
    "parentheses": "(" * 300_000,
    "letters": "a" * 200_000,
    "words": "Wort " * 40_000,
    "short lines": "a\n" * 5_000,
    "quotes": '"' * 70_000 + "Ende.",
}
"""By name."""

characters = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from(list(" \n\r\t.!?:;,-–—»«„“”'\"()[]*#>0123456789aäßZÜ\u0301\u200b\u200d\u00a0\ufeff\u202e😀")),
)
generated = st.text(characters, max_size=400)
"""Any Unicode text, with more of what means something to a splitter."""
