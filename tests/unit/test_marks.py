"""Marks that are taken out of sentences, and texts within what is kept."""

import pytest

from translator.kept.masks import lift, mask, unmask, with_letters


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Klicken Sie auf <b>Speichern</b>.", "Klicken Sie auf Speichern."),
        ('Ein <b class="x"> fettes </b> Wort <br/>.', "Ein fettes Wort."),
        ("Das ist **sehr** wichtig und *schön*, ~~falsch~~ nicht.", "Das ist sehr wichtig und schön, falsch nicht."),
        ("Es ist **un**wichtig und __fett__ oder _kursiv_.", "Es ist unwichtig und fett oder kursiv."),
        ("***[Hier](https://a.de/x_y_z)*** klicken", "Hier klicken"),
        ('Siehe [hier](a.md "Der Titel") oder [dort][ref-1].', "Siehe hier oder dort."),
        ('Siehe ![Bild](bild.png "Titel").[^1]', "Siehe Bild."),
        ("Ein <0>Wort</0> und <link>noch eins</link><1/>.", "Ein Wort und noch eins."),
        ("{% if a %}Ja{% endif %}, {{#b}}nein{{/b}} {# nichts #}.", "Ja, nein."),
        ("Ein [b]fettes[/b] Wort [url=https://a.de]dort[/url]", "Ein fettes Wort dort"),
        ("\\textbf{Fett} und \\emph{betont}", "Fett und betont"),
        ("[[Seite|Der Text]] und [https://a.de der Link]", "Der Text und der Link"),
        ("Danke :smile: und :thumbs_up:", "Danke und"),
        ("Ein <!-- Vermerk --> Satz <?php echo 1 ?>.", "Ein Satz."),
        ("Ende.<br>Anfang", "Ende. Anfang"),
        ("<li>Eins</li><li>Zwei</li>", "Eins Zwei"),
        ("Siehe `die Anleitung <https://a.de>`_ dort.", "Siehe die Anleitung dort."),
        ("[b]Achtung![/b] Ja.", "Achtung! Ja."),
        ("[![Eins](a.png)](b) [![Zwei](c.png)](d)", "Eins Zwei"),
        ("**Der Anfang", "Der Anfang"),
        ("Das Ende.**", "Das Ende."),
        ("== Eine Überschrift ==", "Eine Überschrift"),
        ("[b]Achtung!", "Achtung!"),
        ("[/b] Das ist alles.", "Das ist alles."),
        ("[[Datei:Bild.jpg|mini|Ein Bild]]", "Ein Bild"),
        ("Es ist ~tief~ und ^hoch^.", "Es ist tief und hoch."),
        ("***ganz* sicher** und **sehr *wichtig***", "ganz sicher und sehr wichtig"),
        ("***alles*** und *ein **Teil***", "alles und ein Teil"),
        ("Erste Zeile\\nZweite Zeile\\tEnde\\n", "Erste Zeile Zweite Zeile Ende"),
        ("\\item Erstens \\LaTeX{} Ende", "Erstens Ende"),
        ("Der Preis* gilt (*nur heute), ganz* sicher**!", "Der Preis gilt (nur heute), ganz sicher!"),
        ("++neu++ für C++", "neu für C++"),
        ("''kursiv'' und '''fett'''", "kursiv und fett"),
    ],
)
def test_marks_are_no_words(text: str, rest: str) -> None:
    masked = mask(text)
    assert lift(masked).text == rest
    assert unmask(masked.text, masked) == text


@pytest.mark.parametrize(
    "text",
    [
        "Für Schüler*innen und Lehrer_innen, 2 * 3 und 4**2",
        "Text [sic] und [1] und (so]",
        "* Punkt und _ Strich",
        "a < b und b > c",
        "Er sagte: 'Ja' und ging's an.",
        "50 % von 3 * 4 | 5",
    ],
)
def test_what_is_no_mark_stays(text: str) -> None:
    masked = mask(text)
    assert masked.marks == {}
    assert unmask(masked.text, masked) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Es gilt $a_1 = b$, kostet aber 5$ oder 6$ und US$ 7.", ["$a_1 = b$"]),
        ("Formel \\(x^2\\) und $$y$$", ["\\(x^2\\)", "$$y$$"]),
        ("Drücken Sie Strg+Umschalt+S oder Alt + F4.", ["Strg+Umschalt+S", "Alt + F4"]),
        ("%-10s, %05.2f, %1$@, %2$d, %lu, %@ und 50 %", ["%-10s", "%05.2f", "%1$@", "%2$d", "%lu", "%@"]),
        ("Am %Y-%m-%d um 5 % mehr", ["%Y-%m-%d"]),
        ("{{ a.b|upper }} und {{{roh}}}", ["{{ a.b|upper }}", "{{{roh}}}"]),
        ("{ $fluent } und {0:N2} und {wert!r}", ["{ $fluent }", "{0:N2}", "{wert!r}"]),
        ("<%= @name %> und <?= $x ?>", ["<%= @name %>", "<?= $x ?>"]),
        ("#{name} und %{name} und @:common.ok", ["#{name}", "%{name}", "@:common.ok"]),
        ("$t(common.wert) und $tc('auto', 2)", ["$t(common.wert)", "$tc('auto', 2)"]),
        ("Siehe \\ref{sec:a} und \\cite[S. 5]{mann}.", ["\\ref{sec:a}", "\\cite[S. 5]{mann}"]),
        ("In C:\\Programme Alt\\App\\a b.exe liegt es.", ["C:\\Programme Alt\\App\\a b.exe"]),
        ("In \\\\server\\ordner liegt es.", ["\\\\server\\ordner"]),
        ("Die Datei „Mein Bericht 2.pdf“ fehlt.", ["Mein Bericht 2.pdf"]),
        ("Das Muster /^\\d{3}$/i und [A-Z]{2}\\d+ passt.", ["/^\\d{3}$/i", "[A-Z]{2}\\d+"]),
        ("Mit SELECT name FROM kunden WHERE id = 5 geht es.", ["SELECT name FROM kunden WHERE id = 5"]),
        ("Mit sudo apt install nginx-full geht es.", ["sudo apt install nginx-full"]),
        ('Die Seite "/ueber-uns" und der Zweig feature/neue-suche', ["/ueber-uns", "feature/neue-suche"]),
        ("Aus H~2~O wird x^2^ und y^2 für Lehrer/innen", ["H~2~O", "x^2^", "y^2"]),
        ("Die Klasse .btn-primary in .env und Ordner\\neu.txt", [".btn-primary", ".env", "Ordner\\neu.txt"]),
        ("Bei 52° 31' N, 13° 24' 5\" O", ["52° 31'", "13° 24' 5\""]),
        ("Mit git push --force geht es.", ["git push --force"]),
        (
            "H<sub>2</sub>O und <code>a b</code> und <kbd>Esc</kbd>",
            ["H<sub>2</sub>O", "<code>a b</code>", "<kbd>Esc</kbd>"],
        ),
        ("<IHR_NAME>, <Ihr Passwort> und <Name>", ["<IHR_NAME>", "<Ihr Passwort>", "<Name>"]),
        ("Für [Nachname] am [DATUM], %name%", ["[Nachname]", "[DATUM]", "%name%"]),
        ("Bei fe80::1ff:fe23 und 00:1A:2B:3C:4D:5E", ["fe80::1ff:fe23", "00:1A:2B:3C:4D:5E"]),
        ("<https://a.de/b> oder <a@b.de>", ["<https://a.de/b>", "<a@b.de>"]),
        ("@max.muster und #Österreich in menu.file.open", ["@max.muster", "#Österreich", "menu.file.open"]),
    ],
)
def test_what_is_kept(text: str, kept: list[str]) -> None:
    masked = mask(text)
    assert list(masked.kept.values()) == kept
    assert unmask(masked.text, masked) == text


@pytest.mark.parametrize(
    ("text", "rest", "texts"),
    [
        ("{n, plural, one {# Datei} other {# Dateien}}", "X1", ["# Datei", "# Dateien"]),
        ("Es gibt {n, plural, offset:1 =0 {nichts} other {etwas {x}}} da.", "Es gibt X1 da.", ["nichts", "etwas {x}"]),
        ("{g, select, a {{n, plural, other {tief}}} other {flach}}", "X1", ["{n, plural, other {tief}}", "flach"]),
        ("{% if a %}Ja{% else %}Nein{% endif %}!", "X1!", ["Ja", "Nein"]),
        ("{{#if a}}Ja{{else}}Nein{{/if}}", "X1", ["Ja", "Nein"]),
        ("<% if a %>Ja<% else %>Nein<% end %>", "X1", ["Ja", "Nein"]),
        (
            "{% if a %}{% if b %}Ja{% else %}Kaum{% endif %}{% else %}Nein{% endif %}",
            "X1",
            ["{% if b %}Ja{% else %}Kaum{% endif %}", "Nein"],
        ),
        ('[Hier](a.md "Der Titel")', "Hier", ["Der Titel"]),
    ],
)
def test_texts_within_what_is_kept(text: str, rest: str, texts: list[str]) -> None:
    masked = mask(text)
    assert lift(masked).text == rest
    assert list(masked.inside.values()) == texts
    assert unmask(masked.text, masked) == text
    upper = {character: one.upper() for character, one in masked.inside.items()}
    translated = unmask(masked.text, masked, upper)
    assert all(one.upper() in translated for one in texts)


def test_entities_of_letters_are_letters() -> None:
    assert (
        with_letters("M&uuml;ller &amp; S&ouml;hne &lt;Stra&szlig;e&#223;&nbsp;5")
        == "Müller &amp; Söhne &lt;Straßeß&nbsp;5"
    )


def test_a_message_that_does_not_end_is_none() -> None:
    text = "Ein {n, plural, one {offener} Fall"
    masked = mask(text)
    assert masked.inside == {}
    assert unmask(masked.text, masked) == text


def test_characters_for_private_use_in_a_text_stay() -> None:
    text = "Ein \U000f0000 **Zeichen** \U000f0001 und \ue000 {name}"
    masked = mask(text)
    assert unmask(masked.text, masked) == text
    assert "\U000f0000" in lift(masked).text
