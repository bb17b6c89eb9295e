"""Presentations as PowerPoint and others write them; python-pptx makes them and reads them again."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from formats.document import Notes, Translated
from tests.unit.formats.reading import aligned, texts_in, translated_bytes

NAME = "vortrag.pptx"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def presentation(fill: Callable[[pptx.presentation.Presentation], None]) -> bytes:
    made = pptx.Presentation()
    made.core_properties.comments = ""
    made.core_properties.title = ""
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def again(content: bytes) -> pptx.presentation.Presentation:
    return pptx.Presentation(io.BytesIO(content))


def replaced(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a package with a part changed, or a new one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for one in before.infolist():
            raw = before.read(one)
            after.writestr(one, change(raw) if one.filename == name else raw)
        if name not in before.namelist():
            after.writestr(name, change(b""))
    return out.getvalue()


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def boxed(paragraph: str) -> bytes:
    """Return a presentation with one text box that has this paragraph."""

    def fill(made: pptx.presentation.Presentation) -> None:
        slide = made.slides.add_slide(made.slide_layouts[6])
        slide.shapes.add_textbox(0, 0, Inches(4), Inches(1)).text_frame.text = "HIER"

    return replaced(
        presentation(fill),
        "ppt/slides/slide1.xml",
        lambda raw: re.sub(rb"<a:p>.*</a:p>", lambda _: paragraph.encode(), raw, flags=re.DOTALL),
    )


def test_runs_cut_by_the_spelling_checker_are_one() -> None:
    content = boxed(
        '<a:p><a:pPr lvl="1"/><a:r><a:rPr lang="de-DE" dirty="0"/><a:t>Die Biblio</a:t></a:r>'
        '<a:r><a:rPr lang="de-DE" err="1"/><a:t>thek &amp; ihr </a:t></a:r>'
        '<a:r><a:rPr lang="en-US" b="1"/><a:t>Garten</a:t></a:r><a:endParaRPr lang="de-DE"/></a:p>'
    )
    assert texts_in(NAME, content) == ["Die Bibliothek & ihr Garten"]
    out = translated_bytes(NAME, content, lambda text: aligned(text, "The library & its garden", "0-0 1-1 2-2 3-3 4-4"))
    slide = part(out, "ppt/slides/slide1.xml")
    assert (
        '<a:p><a:pPr lvl="1"/><a:r><a:rPr lang="en-US" dirty="0"/><a:t>The library &amp; its </a:t></a:r>'
        '<a:r><a:rPr lang="en-US" b="1"/><a:t>garden</a:t></a:r><a:endParaRPr lang="en-US"/></a:p>'
    ) in slide
    assert again(out).slides[0].shapes[0].text_frame.text == "The library & its garden"


def test_what_the_link_of_a_shape_says_is_translated() -> None:
    slide = "ppt/slides/slide1.xml"
    content = replaced(
        boxed("<a:p/>"),
        slide,
        lambda raw: re.sub(
            rb"(<p:cNvPr id=\"2\"[^>]*?)/>", rb'\1><a:hlinkClick r:id="" tooltip="Zur Karte"/></p:cNvPr>', raw
        ),
    )
    assert texts_in(NAME, content) == ["Zur Karte"]
    assert 'tooltip="To the map"/>' in part(translated_bytes(NAME, content, lambda _: "To the map"), slide)


def test_links_go_with_their_words() -> None:
    content = boxed(
        '<a:p><a:r><a:t>Mehr steht auf </a:t></a:r><a:r><a:rPr><a:hlinkClick r:id="rId1"/></a:rPr>'
        "<a:t>unserer Seite</a:t></a:r><a:r><a:t>.</a:t></a:r></a:p>"
    )
    out = translated_bytes(NAME, content, lambda text: aligned(text, "Our page says more.", "0-3 1-2 2-2 3-0 4-1 5-4"))
    runs = [(run.text, run._r.rPr is not None) for run in again(out).slides[0].shapes[0].text_frame.paragraphs[0].runs]
    assert runs == [("Our page", True), (" says more.", False)]


TIPPED = (
    "<a:p><a:r><a:t>Mehr steht auf </a:t></a:r>"
    '<a:r><a:rPr b="1"><a:hlinkClick r:id="rId1" tooltip="Zur &quot;Karte&quot;"/></a:rPr><a:t>unserer </a:t></a:r>'
    '<a:r><a:rPr><a:hlinkClick r:id="rId1" tooltip="Zur &quot;Karte&quot;"/></a:rPr><a:t>Seite</a:t></a:r>'
    '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr>'
    '<a:hlinkMouseOver r:id="rId1" tooltip="Zur Nummer"/></a:rPr><a:t>7</a:t></a:fld></a:p>'
)


@pytest.mark.parametrize("own", [True, False])
def test_tips_of_links_in_a_text_are_translated_once_each(own: bool) -> None:
    content = boxed(TIPPED)
    assert texts_in(NAME, content) == ["Mehr steht auf unserer Seite{k1}", 'Zur "Karte"', "Zur Nummer"]
    own_words = {"Mehr steht auf unserer Seite{k1}": "More is on our page{k1}"} if own else {}
    words = own_words | {'Zur "Karte"': 'To the "map"', "Zur Nummer": "To the number"}
    out = translated_bytes(NAME, content, lambda text: words.get(text, text))
    slide = part(out, "ppt/slides/slide1.xml")
    assert re.findall('tooltip="([^"]*)"', slide)[-1] == "To the number"
    assert set(re.findall('tooltip="([^"]*)"', slide)) == {"To the &quot;map&quot;", "To the number"}
    shown = again(out).slides[0].shapes[0].text_frame.text
    assert shown.startswith("More is on our page" if own else "Mehr steht auf unserer Seite")
    assert translated_bytes(NAME, content, lambda text: text) == content
    # The words alone.
    out = translated_bytes(NAME, content, lambda text: text.replace("Mehr", "Alles"))
    assert part(out, "ppt/slides/slide1.xml").count('tooltip="Zur &quot;Karte&quot;"') == 2


def test_fields_and_formulas_stay_whole_and_tabs_part_texts() -> None:
    field = (
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="de-DE"/><a:t>7</a:t></a:fld>'
    )
    content = boxed(f"<a:p><a:r><a:t>Beginn\tFolie </a:t></a:r>{field}<a:r><a:t> von zehn</a:t></a:r></a:p>")
    assert texts_in(NAME, content) == ["Beginn", "Folie {k1} von zehn"]
    became = {"Beginn": "Start", "Folie {k1} von zehn": "Slide {k1} of ten"}
    slide = part(translated_bytes(NAME, content, became.__getitem__), "ppt/slides/slide1.xml")
    field = field.replace("de-DE", "en-US")
    assert f"<a:t>Start\tSlide </a:t></a:r>{field}<a:r><a:t> of ten</a:t></a:r></a:p>" in slide


def test_a_fallback_for_old_programs_says_the_same() -> None:
    box = "<a:p><a:r><a:t>Ein Satz im Kasten.</a:t></a:r></a:p>"
    content = replaced(
        boxed(box),
        "ppt/slides/slide1.xml",
        lambda raw: re.sub(
            rb"<p:sp>.*</p:sp>",
            lambda found: (
                b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
                b'<mc:Choice Requires="p14">' + found[0] + b"</mc:Choice><mc:Fallback>" + found[0] + b"</mc:Fallback>"
                b"</mc:AlternateContent>"
            ),
            raw,
            flags=re.DOTALL,
        ),
    )
    assert texts_in(NAME, content) == ["Ein Satz im Kasten."]
    assert (
        part(translated_bytes(NAME, content, lambda _: "In the box."), "ppt/slides/slide1.xml").count("In the box.")
        == 2
    )


def test_slides_come_in_the_order_of_the_presentation_with_their_notes() -> None:
    def fill(made: pptx.presentation.Presentation) -> None:
        for title in ("Zweitens kommt das.", "Erstens kommt dies."):
            slide = made.slides.add_slide(made.slide_layouts[5])
            slide.shapes.title.text = title
            slide.notes_slide.notes_text_frame.text = f"Notiz zu: {title}"
        listed = made.slides._sldIdLst
        listed.insert(0, listed[1])

    content = presentation(fill)
    assert texts_in(NAME, content) == [
        "Erstens kommt dies.",
        "Notiz zu: Erstens kommt dies.",
        "Zweitens kommt das.",
        "Notiz zu: Zweitens kommt das.",
    ]
    out = again(translated_bytes(NAME, content, str.upper))
    assert [slide.notes_slide.notes_text_frame.text for slide in out.slides] == [
        "NOTIZ ZU: ERSTENS KOMMT DIES.",
        "NOTIZ ZU: ZWEITENS KOMMT DAS.",
    ]


def charted(made: pptx.presentation.Presentation) -> None:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # of python-pptx
    data.categories = ["Frühling", "Herbst", "2026"]
    data.add_series("Besucher", (3, 5, 9))
    data.add_series("Spenden", (1, 2, 3))
    slide = made.slides.add_slide(made.slide_layouts[6])
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)


def test_a_chart_and_its_workbook_say_the_same() -> None:
    content = presentation(charted)
    assert sorted(texts_in(NAME, content)) == ["Besucher", "Frühling", "Herbst", "Spenden"]
    out = translated_bytes(NAME, content, str.upper)
    chart = again(out).slides[0].shapes[0].chart
    assert list(chart.plots[0].categories) == ["FRÜHLING", "HERBST", "2026"]
    assert [series.name for series in chart.plots[0].series] == ["BESUCHER", "SPENDEN"]
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert [cell.value for cell in sheet["A"]][1:3] == ["FRÜHLING", "HERBST"]
    assert [cell.value for cell in sheet[1]][1:] == ["BESUCHER", "SPENDEN"]


def test_a_chart_whose_workbook_cannot_be_read_is_translated_all_the_same() -> None:
    content = presentation(charted)
    name = next(one for one in zipfile.ZipFile(io.BytesIO(content)).namelist() if "embeddings" in one)
    broken, notes = replaced(content, name, lambda _: b"nichts"), Notes()
    assert "Frühling" in texts_in(NAME, broken, notes=notes)
    assert "workbook cannot be read" in notes.warnings[0]
    chart = again(translated_bytes(NAME, broken, str.upper)).slides[0].shapes[0].chart
    assert list(chart.plots[0].categories) == ["FRÜHLING", "HERBST", "2026"]


def test_patterns_of_masters_stay_and_what_stands_on_all_slides_is_translated() -> None:
    def fill(made: pptx.presentation.Presentation) -> None:
        made.slides.add_slide(made.slide_layouts[6])

    shape = (
        b'<p:pic><p:nvPicPr><p:cNvPr id="77" name="Logo" descr="Wappen der Stadt"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        b"<p:blipFill/><p:spPr/></p:pic></p:spTree>"
    )
    content = replaced(
        presentation(fill), "ppt/slideMasters/slideMaster1.xml", lambda raw: raw.replace(b"</p:spTree>", shape)
    )
    assert texts_in(NAME, content) == ["Wappen der Stadt"]


def test_threads_of_comments_are_translated() -> None:
    def fill(made: pptx.presentation.Presentation) -> None:
        made.slides.add_slide(made.slide_layouts[6])

    def related(raw: bytes) -> bytes:
        relation = (
            b'<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2018/10/relationships/comments" '
            b'Target="../comments/modernComment_100_0.xml"/></Relationships>'
        )
        return raw.replace(b"</Relationships>", relation)

    def comment(text: str) -> str:
        return f"<p188:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p188:txBody>"

    xml = (
        f'<p188:cmLst xmlns:a="{A}" xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main">'
        f"<p188:cm><p188:replyLst><p188:reply>{comment('Gern, morgen.')}</p188:reply></p188:replyLst>"
        f"{comment('Bitte kürzer fassen.')}</p188:cm></p188:cmLst>"
    )
    content = replaced(presentation(fill), "ppt/slides/_rels/slide1.xml.rels", related)
    content = replaced(content, "ppt/comments/modernComment_100_0.xml", lambda _: xml.encode())
    assert texts_in(NAME, content) == ["Gern, morgen.", "Bitte kürzer fassen."]
    out = part(translated_bytes(NAME, content, str.upper), "ppt/comments/modernComment_100_0.xml")
    assert "BITTE KÜRZER FASSEN." in out


def test_a_signature_is_left_out_of_a_translation_only() -> None:
    name = "_xmlsignatures/sig1.xml"
    content = replaced(boxed("<a:p><a:r><a:t>Ein Satz.</a:t></a:r></a:p>"), name, lambda _: b"<Signature/>")
    notes = Notes()
    assert texts_in(NAME, content, notes=notes) == ["Ein Satz."]
    assert "signed" in notes.warnings[0]
    assert translated_bytes(NAME, content, str) == content
    assert name not in zipfile.ZipFile(io.BytesIO(translated_bytes(NAME, content, str.upper))).namelist()


def test_only_what_has_changed_is_written_anew() -> None:
    def fill(made: pptx.presentation.Presentation) -> None:
        for title in ("Ein Titel", "Noch ein Titel"):
            made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = title

    def one(text: str) -> str | Translated:
        return "A title" if text == "Ein Titel" else text

    content = presentation(fill)
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (content, translated_bytes(NAME, content, one)))
    assert before.namelist() == after.namelist()
    assert [name for name in before.namelist() if before.read(name) != after.read(name)] == ["ppt/slides/slide1.xml"]
