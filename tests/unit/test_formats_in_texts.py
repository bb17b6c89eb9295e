"""What people paste as plain text and is none: of each format only what somebody reads is in a block."""

import pytest

from segmenter import blocks


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in blocks.read(text).blocks]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            '---\ntitle: Der Garten\nlayout: seite\ndescription: "Was zu tun ist"\ntags: [beet]\n---\n\nText.\n',
            ["Der Garten", "Was zu tun ist", "Text."],
            id="front matter",
        ),
        pytest.param(
            "Los:\n\n  ```bash\n  # Dienst neu starten\n  restart\n  ```\n\nEnde.",
            ["Los:", "Ende."],
            id="fence",
        ),
        pytest.param("~~~\nalles bleibt\n~~~\nWeiter", ["Weiter"], id="fence of tildes"),
        pytest.param("> ```\n> alles bleibt\n> ```\n> Weiter", ["Weiter"], id="quoted fence"),
        pytest.param("kopie bleibt\n```\n\nText.\n\n```sh\nls\n```\n", ["kopie bleibt", "Text."], id="end of a fence"),
        pytest.param(
            "Vorher <!-- Notiz\nüber zwei Zeilen --> nachher",
            ["Vorher <!-- Notiz", "über zwei Zeilen --> nachher"],
            id="-",
        ),
        pytest.param("<!-- Notiz\nüber zwei Zeilen -->\nDanach", ["Danach"], id="comment"),
        pytest.param("$$\na = b\n$$\nDanach", ["Danach"], id="formula"),
        pytest.param('[1]: https://example.org/a "Seite"\n[^1]: Eine Fußnote.', ["Eine Fußnote."], id="references"),
        pytest.param("{% if gast %}\nGuten Tag.\n{% endif %}\n{{ inhalt }}", ["Guten Tag."], id="template"),
        pytest.param("Wort|Sinn\n:--|--:\nBaum|Pflanze\n", ["Wort", "Sinn", "Baum", "Pflanze"], id="table"),
        pytest.param(
            '{\n  "titel": "Guten Tag",\n  "menue": {"zurueck": "Zurück", "an": true},\n  "farben": ["Rot", "Blau"]\n}',
            ["Guten Tag", "Zurück", "Rot", "Blau"],
            id="JSON",
        ),
        pytest.param(
            'de:\n  gruss: "Guten Tag"\n  # Hinweis\n  adresse: https://example.org\n  liste:\n    - Erster Punkt\n',
            ["Guten Tag", "Hinweis", "Erster Punkt"],
            id="YAML",
        ),
        pytest.param("PORT=8080\nDEBUG=true\nTITEL='Mein Laden'\n", ["Mein Laden"], id="environment"),
        pytest.param(
            "[a]\ntitel = Mein Laden\n; Hinweis\ntext = Eins\\nZwei\n",
            ["Mein Laden", "Hinweis", "Eins", "Zwei"],
            id="INI",
        ),
        pytest.param("'ja' => 'In Ordnung',\n'nein' => 'Lieber nicht',\n", ["In Ordnung", "Lieber nicht"], id="PHP"),
        pytest.param('"ok" = "In Ordnung";\n"no" = "Lieber nicht";\n', ["In Ordnung", "Lieber nicht"], id="strings"),
        pytest.param(
            '#: a.py:3\nmsgid "Ja"\nmsgstr "In Ordnung"\n\nmsgid "Nein"\nmsgstr ""\n', ["In Ordnung"], id="PO"
        ),
        pytest.param(
            'Ware,Preis,Notiz\nBrot,2,"frisch, vom Bäcker"\nSalz,1,fein\n',
            ["Ware", "Preis", "Notiz", "Brot", "frisch, vom Bäcker", "Salz", "fein"],
            id="CSV",
        ),
        pytest.param(
            "From: a@example.org\nTo: b@example.org\nSubject: Unser Treffen\nDate: Mon, 1 Apr 2024 10:00:00 +0200\n\nHallo!",
            ["Unser Treffen", "Hallo!"],
            id="head of a mail",
        ),
        pytest.param(
            "2024-03-01 12:00:03,123 INFO  [main] a.b.C - Datei geladen\nMär  1 12:00:03 host sshd[12]: Zugriff verweigert\n"
            "[12:34:56] Server gestartet\nERROR: Kein Platz",
            ["Datei geladen", "Zugriff verweigert", "Server gestartet", "Kein Platz"],
            id="log",
        ),
        pytest.param(
            "08:15 Abfahrt\n09:40 – 10:10 Pause\n8:15 Uhr ist früh.",
            ["Abfahrt", "Pause", "8:15 Uhr ist früh."],
            id="times",
        ),
        pytest.param(
            "WEBVTT\n\nNOTE\nnur intern\n\n01:01.000 --> 01:04.000 line:1\n<v Anna>Wir gehen jetzt in den\nGarten.</v>\n",
            ["Wir gehen jetzt in den\nGarten."],
            id="WebVTT",
        ),
        pytest.param("7\n00:00:05,700 --> 00:00:06,360\n- Ja?\n- Nein.\n", ["Ja?", "Nein."], id="SRT"),
        pytest.param(
            "\\documentclass{article}\n\\section{Der Anfang}\nEin Satz.\n\\begin{align}\nx\n\\end{align}\n\\item Punkt\n",
            ["Der Anfang", "Ein Satz.", "Punkt"],
            id="TeX",
        ),
        pytest.param(
            "Titel\n=====\n\n.. note:: Bitte lesen.\n\n.. code-block:: python\n\n   x = 1\n\nWeiter.\n",
            ["Titel", "Bitte lesen.", "Weiter."],
            id="reStructuredText",
        ),
        pytest.param("= Titel\n:toc:\n\n[source,bash]\n----\nls -l\n----\n\nText.", ["Titel", "Text."], id="AsciiDoc"),
        pytest.param(
            'int main() {\n    // Ausgabe\n    printf("Hallo");\n    return 0; /* Aus */\n}\n',
            ["Ausgabe", "Aus"],
            id="C",
        ),
        pytest.param("def f(a, b):\n    # Summe\n    return a + b  # fertig\n", ["Summe", "fertig"], id="Python"),
        pytest.param(
            "<p>Das ist <b>gut</b>.</p>\n<div>\n<li>Punkt</li>\n</div>",
            ["Das ist <b>gut</b>.", "Punkt"],
            id="HTML",
        ),
        pytest.param('"Ware";"Preis"\n"Brot";"2"\n', ["Ware", "Preis", "Brot"], id="CSV in quotation marks"),
        pytest.param(
            "+---+---+\n| Name | Ort |\n+---+---+\n| Anna | Ulm |\n", ["Name", "Ort", "Anna", "Ulm"], id="grid"
        ),
        pytest.param("a.b=&Datei\n# Ende\nc=Kein \\\n  Platz\n", ["&Datei", "Ende", "Kein", "Platz"], id="properties"),
        pytest.param("<p>Ja.</p>\n<script>\nvar satz = 1\n</script>\n<p>Gut.</p>", ["Ja.", "Gut."], id="script"),
        pytest.param("$ sudo apt install drucker\n$ drucker --hilfe\n", [], id="shell"),
        pytest.param(":warning: Es brennt!\n:Autor: Anna\n", ["Es brennt!", "Anna"], id="names between colons"),
        pytest.param("**Ganz wichtig**\n*Das* ist *gut*", ["Ganz wichtig", "*Das* ist *gut*"], id="emphasis"),
    ],
)
def test_only_what_people_read_is_in_blocks(text: str, wanted: list[str]) -> None:
    assert found(text) == wanted
    assert found(text.replace("\n", "\r\n")) == [one.replace("\n", "\r\n") for one in wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Schüler(innen)",
        "das Jagdwesen (ohne das Recht der Jagdscheine);",
        "Hinweis: Bitte klingeln.",
        "Ein/Aus",
        "Er sagte: „Komm“; sie kam.",
        "Von: Anna",
        "Wort, Wort, und noch ein Wort",
        "[Pause]",
        "Der Preis (netto) ist hoch; bitte prüfen!",
        "Es geht um 5:30 Uhr los.",
        "$ 5 sind nicht viel.",
        "§ 5 Abs. 2 gilt.",
        "return ist ein Wort.",
        'Hinweis: "Bitte klingeln"',
        "Umsatz = Preis × Menge",
        "SET (3 TEILE)",
        "if (and only if) you want",
        "print preview (A4)",
        "string theory (physics)",
        "from Berlin with love (2004)",
        "kunde(n, innen) und mehr",
        "WEBVTT ist ein Format.",
        "wichtig: bitte lesen",
        "Am 3.5.2024 10:00 Uhr treffen wir uns.",
        "Er ging --> weiter.",
        "„Ja“, sagte er - und ging.",
    ],
)
def test_prose_is_taken_for_nothing_else(text: str) -> None:
    assert found(text) == [text]
