"""Subtitles: sentences over several cues, and what stays where it was."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from formats.document import Notes, Piece, Translated
from formats.errors import DocumentError
from tests.unit.formats.reading import aligned, texts_in, translated, translated_bytes

OVER_TWO = """1
00:00:01,000 --> 00:00:03,200
Weil ich dich gestern

2
00:00:03,300 --> 00:00:05,900
nicht gesehen habe, bin ich da.
"""
TWO_OF_ONE = "Weil ich dich gestern nicht gesehen habe, bin ich da."


def shown(content: str) -> list[str]:
    return [block.split("\n", 2)[2] for block in content.strip().split("\n\n")]


def test_a_sentence_over_two_cues_is_cut_where_its_words_went() -> None:
    assert texts_in("a.srt", OVER_TWO) == [TWO_OF_ONE]
    english = "Because I did not see you yesterday, I am here."
    # Weil ich dich gestern | nicht gesehen habe , bin ich da .
    new = translated(
        "a.srt", OVER_TWO, lambda text: aligned(text, english, "0-0 1-1 4-3 5-4 2-5 3-6 7-7 9-8 8-9 10-10")
    )
    assert " ".join(shown(new)) == english
    assert all(shown(new))
    assert re.findall(".*-->.*", new) == re.findall(".*-->.*", OVER_TWO)


def test_without_alignment_it_is_cut_in_proportion_at_a_word() -> None:
    english = "As I did not see you yesterday, here I am."
    assert " ".join(shown(translated("a.srt", OVER_TWO, lambda _: english))) == english


def test_a_cue_is_never_left_empty_where_there_are_words_for_it() -> None:
    new = translated("a.srt", OVER_TWO, lambda text: aligned(text, "Here I am now", "0-3 1-3 2-3 3-3"))
    assert all(shown(new))


@pytest.mark.parametrize(
    "second",
    [
        "00:00:03,300 --> 00:00:05,900\n- nein, ich nicht.",
        "00:00:03,300 --> 00:00:05,900\nHeute ist ein schöner Tag.",
        "00:00:09,300 --> 00:00:10,900\nund dann kam er.",
        "00:00:03,300 --> 00:00:05,900\n{\\an8}und dann kam er.",
        "00:00:03,300 --> 00:00:05,900\n♪ und dann kam er",
    ],
)
def test_what_begins_anew_is_a_text_of_its_own(second: str) -> None:
    assert len(texts_in("a.srt", f"1\n00:00:01,000 --> 00:00:03,200\nEr kam gestern\n\n2\n{second}\n")) == 2


def test_a_noun_may_begin_the_next_cue() -> None:
    content = "1\n0:00:01,000 --> 0:00:02,000\nWir rufen die\n\n2\n0:00:02,100 --> 0:00:03,000\nPolizei.\n"
    assert texts_in("a.srt", content) == ["Wir rufen die Polizei."]


def test_there_are_no_more_lines_than_before() -> None:
    content = "1\n00:00:01,000 --> 00:00:03,000\nEin Satz, der lang\nist, aber nicht sehr.\n"
    long = "A sentence that is long, and that is longer still by far than it was before, which may well happen"
    new = translated("a.srt", content, lambda _: long)
    assert len(shown(new)[0].split("\n")) == 2
    assert translated("a.srt", content, lambda _: "Short.").endswith("\nShort.\n")


def test_speakers_keep_their_lines() -> None:
    content = "1\n00:00:01,000 --> 00:00:03,000\n<i>- Kommst du?</i>\n- Ja, gleich.\n\n"
    assert texts_in("a.srt", content) == ["Kommst du?", "Ja, gleich."]
    assert "<i>- COME?</i>\n- YES.\n" in translated("a.srt", content, lambda text: "COME?" if "du" in text else "YES.")
    content = "1\n00:00:01,000 --> 00:00:03,000\n- <i>Kommst du?</i>\n- <b>Ja</b>, gleich.\n\n"
    assert texts_in("a.srt", content) == ["Kommst du?", "Ja, gleich."]


def test_tags_stand_around_the_words_that_theirs_became() -> None:
    content = "1\n00:00:01,000 --> 00:00:03,000\nDas <i>rote Haus</i> brennt.\n"
    new = translated("a.srt", content, lambda text: aligned(text, "It burns, the red house.", "0-3 1-4 2-5 3-1"))
    assert shown(new) == ["It burns, the <i>red house</i>."]


def test_windows_1252_stays_until_a_character_is_not_in_it() -> None:
    content = "1\r\n00:00:01,000 --> 00:00:03,000\r\nGrüß Gott – „Herr“ Müller\r\n".encode("cp1252")
    notes = Notes()
    assert texts_in("a.srt", content, notes=notes) == ["Grüß Gott – „Herr“ Müller"]
    assert notes.encoding == "cp1252"
    assert notes.warnings
    assert translated_bytes("a.srt", content, lambda _: "Café").decode("cp1252").endswith("\r\nCafé\r\n")
    assert translated_bytes("a.srt", content, lambda _: "Cześć").decode("utf-8-sig").endswith("\r\nCześć\r\n")


@pytest.mark.parametrize(
    "content",
    [
        "1\n00:00:01,000 --> 00:00:03,000\nErste Zeile.\n\nZweite Zeile.\n\n2\n00:00:04,000 --> 00:00:05,000\nEnde.",
        "1\n00:00:01.000 --> 00:00:03.000\nErste Zeile.\nZweite Zeile.\n2\n00:00:04.000 --> 00:00:05.000\nEnde.",
        "00:00:01,000 --> 00:00:03,000\nErste Zeile. Zweite Zeile.\n\n\n\n00:00:04,000 --> 00:00:05,000\nEnde.",
    ],
)
def test_files_that_keep_no_rules_are_read_all_the_same(content: str) -> None:
    assert " ".join(texts_in("a.srt", content)) == "Erste Zeile. Zweite Zeile. Ende."


def test_what_are_no_subtitles_is_refused_with_what_to_do() -> None:
    with pytest.raises(DocumentError, match=r"send a plain text as \.txt"):
        texts_in("a.srt", "Nur ein Text.")
    with pytest.raises(DocumentError, match=r"\.srt"):
        texts_in("a.vtt", "1\n00:00:01,000 --> 00:00:03,000\nText\n")
    assert texts_in("a.srt", "") == texts_in("a.vtt", "") == []


def test_what_is_reserved_in_subtitles_of_the_web_is_escaped() -> None:
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Eva>Wer?</v>\n<v Udo>Ich & du\n"
    assert texts_in("a.vtt", content) == ["Wer?", "Ich & du"]
    assert translated("a.vtt", content, lambda _: "a < b --> c & d").endswith(
        "<v Eva>a &lt; b --&gt; c &amp; d</v>\n<v Udo>a &lt; b --&gt; c &amp; d\n"
    )


LINES = some.sampled_from(
    [
        "er kommt",
        "Wir gehen,",
        "- Nein!",
        "- <i>Doch</i>",
        "<i>und so</i>",
        "<b>weiter",
        "♪ la la",
        "{\\an8}Oben",
        "1984",
        "...",
        "Das ist",
        "",
    ]
)
CUES = some.lists(some.tuples(some.lists(LINES, max_size=3), some.integers(0, 20)), max_size=6)


@settings(max_examples=40)
@given(CUES, some.permutations(["one", "two", "three"]), some.sampled_from(["\n", "\r\n"]))
def test_any_translation_is_in_the_file_and_its_frame_stays(
    cues: list[tuple[list[str], int]], words: list[str], newline: str
) -> None:
    time = 0
    blocks = []
    for number, (lines, gap) in enumerate(cues, 1):
        time += gap
        blocks.append("\n".join([str(number), f"00:00:{time // 10:02},{time % 10}00 --> 00:00:59,000", *lines, ""]))
    content = "\n".join(blocks).replace("\n", newline)
    assert translated("a.srt", content, lambda text: text) == content
    new = translated("a.srt", content, lambda text: Translated([Piece(text, " ".join(words))]))
    assert re.findall(".*-->.*", new) == re.findall(".*-->.*", content)
    assert sorted(re.findall(r"<[^>]*>|\{[^}]*\}|♪", new)) == sorted(re.findall(r"<[^>]*>|\{[^}]*\}|♪", content))
    assert new.count("one") == new.count("two") == new.count("three") == len(texts_in("a.srt", content))
    assert new.count("\n") <= content.count("\n")
