"""Texts of OpenDocument files, and the same files with translations."""

import re
from xml.etree import ElementTree

import pytest

from formats.document import Notes, Options, Piece, Translated
from formats.errors import DocumentError
from tests.unit.formats.office.opendocuments import (
    SPACES,
    body,
    capitals,
    content,
    linked,
    odt,
    packed,
    parts,
    texts,
    translate,
    write,
)
from tests.unit.formats.reading import texts_in, translated_bytes

BOLD = '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
HIDDEN = '<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>'
RSID = (
    '<style:style style:name="T3" style:family="text"><style:text-properties officeooo:rsid="0012"/></style:style>'
    '<style:style style:name="T4" style:family="text">'
    '<style:text-properties fo:font-weight="bold" officeooo:rsid="0013"/></style:style>'
)


def p(inner: str) -> str:
    return f'<text:p text:style-name="Standard">{inner}</text:p>'


def span(inner: str, style: str = "T1") -> str:
    return f'<text:span text:style-name="{style}">{inner}</text:span>'


def test_bold_words_are_bold_where_they_went() -> None:
    file = odt(p(f"Der {span('alte Mann')} schläft &amp; träumt."), BOLD)
    assert texts(file) == ["Der alte Mann schläft & träumt."]
    new = linked(
        "Der alte Mann schläft & träumt.",
        "Sleeping & dreaming is the old man.",
        *((0, 4), (1, 5), (2, 6), (3, 0), (4, 1), (5, 2)),
    )
    assert body(write(file, [new])) == p(f"Sleeping &amp; dreaming is the {span('old man')}.")


def test_spans_that_nobody_sees_part_no_words_and_those_that_look_alike_are_one() -> None:
    file = odt(p(f"Gär{span('tn', 'T3')}er {span('gie')}{span('ßen', 'T4')} Beete."), BOLD + RSID)
    assert texts(file) == ["Gärtner gießen Beete."]
    assert body(translate(file, capitals)) == p(f"GÄRTNER {span('GIESSEN')} BEETE.")


def test_notes_stay_behind_their_word_and_are_texts_of_their_own() -> None:
    note = (
        '<text:note text:id="ftn1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "{}</text:note-body></text:note>"
    )
    file = odt(p(f"Der Gärtner{note.format(p('Ein Vater.'))} gießt."))
    assert texts(file) == ["Der Gärtner gießt.", "Ein Vater."]
    both = [linked("Der Gärtner gießt.", "Watering: the gardener.", (0, 2), (1, 3), (2, 0)), capitals("Ein Vater.")]
    assert body(write(file, both)) == p(f"Watering: the gardener{note.format(p('EIN VATER.'))}.")
    # Each may change alone.
    assert body(write(file, [linked("Der Gärtner gießt.", "Der Gärtner gießt."), capitals("Ein Vater.")])) == p(
        f"Der Gärtner{note.format(p('EIN VATER.'))} gießt."
    )


def test_a_comment_on_some_words_stays_around_them() -> None:
    begin = '<office:annotation office:name="k1"><dc:creator>Ilse</dc:creator><text:p>{}</text:p></office:annotation>'
    end = '<office:annotation-end office:name="k1"/>'
    file = odt(p(f"Wir sehen {begin.format('Warum?')}drei Häuser{end} heute."))
    assert texts(file) == ["Wir sehen drei Häuser heute.", "Warum?"]
    new = linked("Wir sehen drei Häuser heute.", "Today three houses are seen.", (4, 0), (2, 1), (3, 2), (1, 4), (0, 3))
    assert body(write(file, [new, capitals("Warum?")])) == p(
        f"Today {begin.format('WARUM?')}three houses{end} are seen."
    )


@pytest.mark.parametrize("inside", ["", "Haus "])
def test_marks_that_cross_a_span_are_there_once(inside: str) -> None:
    start, end = '<text:bookmark-start text:name="a"/>', '<text:bookmark-end text:name="a"/>'
    file = odt(p(f"Ein {span(f'{inside}grünes{start} Dach')} und{end} mehr."), BOLD)
    new = body(translate(file, capitals))
    assert new.count(start) == new.count(end) == 1
    assert new.index(start) < new.index(end)


def test_fields_are_words_that_stay() -> None:
    page = '<text:page-number text:select-page="current">3</text:page-number>'
    file = odt(p(f"Seite {page}<text:s/>von <text:page-count>9</text:page-count>"))
    assert texts(file) == ["Seite {k1} von {k2}"]
    new = linked("Seite {k1} von {k2}", "Of {k2} pages, {k1}")
    assert body(write(file, [new])) == p(f"Of <text:page-count>9</text:page-count> pages, {page}")


def test_a_text_that_looks_like_a_name_is_none() -> None:
    file = odt(p("Das {k1} bleibt, Seite <text:page-number>3</text:page-number>."))
    (text,) = texts(file)
    assert text == "Das {k1} bleibt, Seite {k0k1}."
    assert "3</text:page-number>" in body(translate(file, capitals))
    assert "{k1}" in body(translate(file, capitals))


def test_white_space_is_as_people_see_it() -> None:
    file = odt(p("\n  Ein\n  Satz <text:s/>mit <text:s text:c='2'/>Lücken.  "))
    assert texts(file) == ["Ein Satz  mit", "Lücken."]
    new = write(file, [linked("Ein Satz  mit", "a  sentence with"), linked("Lücken.", "gaps.")])
    assert body(new) == p("a <text:s/>sentence with <text:s text:c='2'/>gaps. ")


def test_lines_that_stand_for_themselves_are_texts_and_a_sentence_is_one() -> None:
    file = odt(p("Verein der Gärtner<text:line-break/>Hauptstraße 5<text:tab/>Elsterberg"))
    assert texts(file) == ["Verein der Gärtner", "Hauptstraße 5", "Elsterberg"]
    assert body(translate(file, capitals)) == p(
        "VEREIN DER GÄRTNER<text:line-break/>HAUPTSTRASSE 5<text:tab/>ELSTERBERG"
    )
    file = odt(p("Diese Zeile hat<text:line-break/>noch eine."))
    assert texts(file) == ["Diese Zeile hat\nnoch eine."]
    assert body(translate(file, capitals)) == p("DIESE ZEILE HAT<text:line-break/>NOCH EINE.")


def test_a_link_over_two_lines_is_one_link_still() -> None:
    link = '<text:a xlink:type="simple" xlink:href="#a">{}</text:a>'
    file = odt(p(link.format("Erste Zeile.<text:line-break/>Zweite Zeile.")))
    assert body(translate(file, capitals)) == p(link.format("ERSTE ZEILE.<text:line-break/>ZWEITE ZEILE."))


def test_contents_and_headings_have_one_translation() -> None:
    entry = '<text:a xlink:href="#1">{}<text:tab/>1</text:a>'
    toc = (
        "<text:table-of-content><text:table-of-content-source><text:index-title-template>{0}</text:index-title-template>"
        "</text:table-of-content-source><text:index-body><text:index-title><text:p>{0}</text:p></text:index-title>{1}"
        "</text:index-body></text:table-of-content>"
    )
    head = "<text:h text:outline-level='1'><text:bookmark-start text:name='a'/>{}<text:bookmark-end text:name='a'/></text:h>"
    file = odt(toc.format("Inhalt", p(entry.format("1. Die Beete"))) + head.format("Die Beete") + p("Die Beete"))
    assert texts(file) == ["Inhalt", "Die Beete", "Die Beete", "Die Beete"]
    words = iter(("CONTENTS", "BEDS", "THE BEDS", "THE BEDS ARE"))
    # A heading may be followed by what changes its translation; its entry is alone.
    assert body(translate(file, lambda text: Translated([Piece(text, next(words))]))) == (
        toc.format("CONTENTS", p(entry.format("1. THE BEDS"))) + head.format("THE BEDS") + p("THE BEDS ARE")
    )


def test_what_is_hidden_deleted_or_code_stays() -> None:
    deleted = (
        "<text:tracked-changes><text:changed-region><text:deletion>"
        + p("Gelöscht.")
        + "</text:deletion></text:changed-region>"
    )
    file = odt(
        f"{deleted}</text:tracked-changes>"
        + p(f"Der Befehl {span('git pull', 'Source_20_Text')} hilft{span(' heimlich', 'T2')} immer.")
        + "<text:section text:display='none'>" + p("Ein verborgener Teil.") + "</text:section>"
        + "<text:p text:style-name='P1'>Auch verborgen.</text:p>",
        HIDDEN + '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Weg"/>',
        styles=(
            f"<office:document-styles {SPACES}><office:styles><style:style style:name='Weg' style:family='paragraph'>"
            "<style:text-properties text:display='none'/></style:style></office:styles></office:document-styles>"
        ).encode(),
    )  # fmt: skip
    notes = Notes()
    assert texts(file, notes) == ["Der Befehl {k1} hilft immer."]
    assert notes.left == {"tracked deletions": 1, "code": 1, "hidden text": 3}
    assert "tracked changes" in notes.warnings[0]
    new = body(translate(file, capitals))
    assert span("git pull", "Source_20_Text") in new
    assert span(" heimlich", "T2") in new


def test_names_in_another_writing_stay_and_readings_of_a_text_go_with_it() -> None:
    ruby = "<text:ruby><text:ruby-base>{}</text:ruby-base><text:ruby-text>とう</text:ruby-text></text:ruby>"
    assert texts(odt(p(f"Aus {ruby.format('東京')} kam er."))) == ["Aus {k1} kam er."]
    file = odt(p(f"彼は{ruby.format('東京')}から来た。"))
    assert texts(file) == ["彼は東京から来た。"]
    new = write(file, [linked("彼は東京から来た。", "He came from Tokyo.", (2, 3), (3, 3))])
    assert body(new) == p(f"He came from {ruby.format('Tokyo')}.")


def test_references_that_say_words_are_translated_and_numbers_stay() -> None:
    ref = '<text:bookmark-ref text:reference-format="text" text:ref-name="a">{}</text:bookmark-ref>'
    file = odt(p(f"Siehe {ref.format('Das Gepäck')} und {ref.format('4.2')}."))
    assert texts(file) == ["Siehe Das Gepäck und {k1}."]
    assert body(translate(file, capitals)) == p(f"SIEHE {ref.format('DAS GEPÄCK')} UND {ref.format('4.2')}.")


def test_alternative_texts_in_a_frame_in_a_paragraph() -> None:
    frame = (
        '<draw:frame draw:name="Bild1"><draw:image xlink:href="a.png"/><svg:title>{}</svg:title><svg:desc>{}</svg:desc>'
        "</draw:frame>"
    )
    file = odt(p(f"Ein Tor{frame.format('Das Gartentor', 'Blau &amp;&#10;aus Holz')} steht."))
    assert texts(file) == ["Ein Tor steht.", "Das Gartentor", "Blau &\naus Holz"]
    assert body(translate(file, capitals)) == p(
        f"EIN TOR{frame.format('DAS GARTENTOR', 'BLAU &amp;' + chr(10) + 'AUS HOLZ')} STEHT."
    )


def test_titles_of_links_and_labels_of_forms() -> None:
    file = odt(
        '<office:forms><form:form><form:button form:label="Bitte senden" form:name="knopf"/></form:form></office:forms>'
        + p('<text:a xlink:href="a" office:title="Zum &quot;Garten&quot;" office:name="n">hier</text:a>')
    )
    assert texts(file) == ["Bitte senden", "hier", 'Zum "Garten"']
    new = body(translate(file, capitals))
    assert 'form:label="BITTE SENDEN" form:name="knopf"' in new
    assert 'office:title="ZUM &quot;GARTEN&quot;" office:name="n">HIER<' in new


def sheet(rows: str) -> bytes:
    return packed(
        {"content.xml": content(f'<table:table table:name="Blatt">{rows}</table:table>', "", "spreadsheet")},
        "spreadsheet",
    )


def test_cells_of_text_say_the_same_in_their_attribute() -> None:
    cell = '<table:table-cell office:value-type="string" office:string-value="{}">{}</table:table-cell>'
    number = (
        '<table:table-cell office:value-type="float" office:value="3"><text:p>drei Stück</text:p></table:table-cell>'
    )
    formula = (
        '<table:table-cell table:formula="of:=&quot;ja&quot;" office:value-type="string" office:string-value="ja">'
        "<text:p>ja</text:p></table:table-cell>"
    )
    file = sheet(
        cell.format("Ein Satz&#10;und mehr", "<text:p>Ein Satz</text:p><text:p>und mehr</text:p>") + number + formula
    )
    notes = Notes()
    assert texts(file, notes) == ["Ein Satz", "und mehr"]
    assert notes.left == {"formulas": 1}
    new = parts(translate(file, capitals))["content.xml"]
    assert cell.format("EIN SATZ&#10;UND MEHR", "<text:p>EIN SATZ</text:p><text:p>UND MEHR</text:p>") in new
    assert number in new
    assert formula in new
    same = sheet(cell.format("A-4711", "<text:p>A-4711</text:p>"))
    assert texts(same) == []


def test_a_comment_on_a_number_is_read() -> None:
    file = sheet(
        '<table:table-cell office:value-type="float" office:value="3"><office:annotation><text:p>Zu viel?</text:p>'
        "</office:annotation><text:p>3 Stück</text:p></table:table-cell>"
    )
    assert texts(file) == ["Zu viel?"]


def test_notes_footers_and_masters_of_slides_but_no_placeholders() -> None:
    master = (
        f"<office:document-styles {SPACES}><office:master-styles><style:master-page>"
        '<draw:frame presentation:class="title" presentation:placeholder="true"><draw:text-box><text:p>Titel hier</text:p>'
        "</draw:text-box>"
        "</draw:frame><draw:frame><draw:text-box><text:p>Verein der Gärtner</text:p></draw:text-box></draw:frame>"
        "</style:master-page></office:master-styles></office:document-styles>"
    ).encode()
    slides = (
        '<presentation:footer-decl presentation:name="f">Stand im Mai</presentation:footer-decl><draw:page><draw:frame '
        "presentation:class='outline'><draw:text-box><text:p>Ein Punkt</text:p></draw:text-box></draw:frame>"
        "<presentation:notes><draw:frame><draw:text-box><text:p>Langsam reden</text:p></draw:text-box></draw:frame>"
        "</presentation:notes></draw:page>"
    )
    file = packed({"content.xml": content(slides, "", "presentation"), "styles.xml": master}, "presentation")
    assert texts(file) == ["Stand im Mai", "Ein Punkt", "Langsam reden", "Verein der Gärtner"]


def test_charts_are_read_and_formulas_are_not() -> None:
    chart = (
        f"<office:document-content {SPACES}><office:body><office:chart><chart:chart><chart:title><text:p>Umsatz im Jahr"
        "</text:p></chart:title></chart:chart></office:chart></office:body></office:document-content>"
    ).encode()
    formula = b'<math xmlns="http://www.w3.org/1998/Math/MathML"><mtext>wenn</mtext></math>'
    file = packed(
        {"content.xml": content(p("Ein Bild:")), "Object 1/content.xml": chart, "Object 2/content.xml": formula}
    )
    notes = Notes()
    assert texts(file, notes) == ["Ein Bild:", "Umsatz im Jahr"]
    assert notes.left == {"formulas": 1}
    assert "<text:p>UMSATZ IM JAHR</text:p>" in parts(translate(file, capitals))["Object 1/content.xml"]


@pytest.mark.parametrize(
    ("target", "language", "country"),
    [("en", "en", "US"), ("en-GB", "en", "GB"), ("de-CH", "de", "CH"), ("xx", "xx", "none")],
)
def test_the_language_becomes_the_targets_if_anything_has_changed(target: str, language: str, country: str) -> None:
    style = (
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:language="{}" fo:country="{}" '
        'style:language-asian="zh" style:country-asian="CN"/></style:style>'
    )
    french = style.replace("T1", "T9").format("fr", "FR")
    meta = "<office:document-meta {}><office:meta><dc:language>{}</dc:language></office:meta></office:document-meta>"
    file = odt(p("Ein Satz."), style.format("de", "DE") + french, meta=meta.format(SPACES, "de-DE").encode())
    options = Options(source="de", target=target)
    new = parts(translate(file, capitals, options))
    assert style.format(language, country) in new["content.xml"]
    assert french in new["content.xml"]
    assert new["meta.xml"] == meta.format(SPACES, target)
    assert translate(file, lambda text: linked(text, text), options) == file
    unknown = parts(translate(file, capitals, Options(target=target)))
    assert style.format("de", "DE") in unknown["content.xml"]


def test_other_prefixes_are_understood_and_kept() -> None:
    whole = content(p(f"Ein {span('Satz')}.")).decode()
    other = re.sub(r"(?<=[</ ])text:", "t:", whole).replace("xmlns:text=", "xmlns:t=").encode()
    file = packed({"content.xml": other})
    assert texts(file) == ["Ein Satz."]
    new = parts(write(file, [linked("Ein Satz.", "a  sentence.")]))["content.xml"]
    assert "a <t:s/>" in new
    assert "<text:" not in new


def test_a_signature_is_dropped_with_a_warning_and_the_rest_stays() -> None:
    file = packed(
        {"content.xml": content(p("Ein Satz.")), "META-INF/documentsignatures.xml": b"<a/>", "Basic/a.xml": b"<m/>"}
    )
    notes = Notes()
    assert texts(file, notes) == ["Ein Satz."]
    assert "signed" in notes.warnings[0]
    assert list(parts(translate(file, capitals))) == ["mimetype", "content.xml", "Basic/a.xml"]
    assert translate(file, lambda text: linked(text, text)) == file


LOCKED = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="content.xml" manifest:size="9"><manifest:encryption-data manifest:checksum="x"/>'
    "</manifest:file-entry></manifest:manifest>"
)


@pytest.mark.parametrize(
    ("members", "advice"),
    [
        ({"META-INF/manifest.xml": LOCKED.encode(), "content.xml": b"\x8f\x01"}, "save it without one"),
        ({"styles.xml": b"<a/>"}, "save it anew"),
        ({"content.xml": b"<a><b></a>"}, "save it anew"),
        ({"content.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "save the document anew"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(members: dict[str, bytes], advice: str) -> None:
    with pytest.raises(DocumentError, match=advice):
        texts(packed(members))


def test_another_kind_of_archive_is_named() -> None:
    file = packed({"content.xml": content(p("Ein Satz."))}, family="vnd.sun.xml.")
    with pytest.raises(DocumentError, match="which is not read; save it as"):
        texts(file)


FLAT = (
    f'<?xml version="1.0" encoding="{{}}"?>\n<office:document {SPACES}>'
    "<office:meta><dc:title>{}</dc:title><dc:creator>Jonas Keller</dc:creator></office:meta><office:styles><style:style "
    "style:name='W' style:family='text'><style:text-properties text:display='none'/></style:style></office:styles>"
    "<office:body><office:text><text:p>{}<text:span text:style-name='W'> gar nicht</text:span>.</text:p><text:p><draw:frame>"
    "<draw:image><office:binary-data>aGFsbG8gd2VsdA==</office:binary-data></draw:image></draw:frame></text:p></office:text>"
    "</office:body></office:document>"
)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_one_xml_file_is_read_and_written_in_its_encoding(encoding: str) -> None:
    file = FLAT.format(encoding, "Der Gärtner", "Er gießt die Beete").encode(encoding)
    assert texts_in("a.fodt", file) == ["Der Gärtner", "Er gießt die Beete."]
    new = translated_bytes(
        "a.fodt", file, {"Der Gärtner": "The “gärtner”", "Er gießt die Beete.": "He waters."}.__getitem__
    )
    assert ElementTree.fromstring(new).findtext(".//{http://purl.org/dc/elements/1.1/}title") == "The “gärtner”"
    assert "He waters" in new.decode(encoding)
    assert " gar nicht<" in new.decode(encoding)
    assert translated_bytes("a.fodt", file, str) == file


@pytest.mark.parametrize("file", [odt(p("Ein Satz.")), b"", b"<html/>", b"Ein Text"])
def test_what_is_no_flat_file_is_refused_with_advice(file: bytes) -> None:
    with pytest.raises(DocumentError, match=r"save it as \.odt|save it anew"):
        texts_in("a.fodt", file)
