"""Names of people stay, and letters open and close as English ones do."""

import pytest

from translator.kept import people
from translator.kept.masks import mask, unmask


def kept(text: str, *, english: bool = True) -> list[str]:
    return list(people.mask(mask(text), english=english).kept.values())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Herr Schneider kommt mit Frau Klein.", ["Schneider", "Klein"]),
        ("Ich sah Herrn Weiß und Frau von Stein.", ["Weiß", "von Stein"]),
        ("Frau Lena Voß und Herr Hans-Peter Groß-Lang.", ["Lena Voß", "Hans-Peter Groß-Lang"]),
        ("Dr. Wolf und Prof. Dr. med. Koch operieren.", ["Wolf", "Koch"]),
        ("Die Firma Sommer beliefert Familie Jung.", ["Sommer", "Jung"]),
        ("Herr Kollege Vogel und Frau Ministerin Lang.", ["Vogel", "Lang"]),
        ("Herrn Bergers Auto, Herr Claus Auto.", ["Berger's", "Claus"]),
        ("Frau Dr. Sauer ist da.", ["Dr. Sauer"]),
        ("Weil Herr Müller Geld braucht.", ["Müller"]),
        ("Der Herr Doktor, die Frau Präsidentin, Herr Bundeskanzler!", []),
        ("Eine Frau Mitte dreißig, die Frau Gottes, Herr der Ringe.", []),
        ("In der Familie Streit zu haben ist schlimm.", []),
        ("Der Schneider und der Richter sind Herren.", []),
        ("THEODOR W. STORM", ["THEODOR W. STORM"]),
        ("Der Dichter E. T. A. Hoffmann und J. W. v. Goethe.", ["E. T. A. Hoffmann", "J. W. v. Goethe"]),
        ("TEIL A. EINLEITUNG, Vitamin C. Gut", []),
    ],
)
def test_names_behind_titles_stay(text: str, names: list[str]) -> None:
    assert kept(text) == names


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Sehr geehrte Frau Sommer,", "Dear Ms Sommer,"),
        ("Sehr geehrter Herr Dr. Richter,", "Dear Dr. Richter,"),
        ("An: Tom", "To: Tom"),
        ("Liebe Freunde,", "Dear Freunde,"),
        ("Liebe Eltern, liebe Kinder!", "Dear Eltern, dear Kinder!"),
        ("Liebe macht blind.", "Liebe macht blind."),
        ("Lieber Herr König, liebe Frau König,", "Dear Mr König, dear Ms König,"),
        ("Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
        ("Mit freundlichen Grüßen", "Kind regards"),
        ("Mit freundlichen Grüßen aus Berlin", "Mit freundlichen Grüßen aus Berlin"),
    ],
)
def test_letters_open_and_close_as_in_english(text: str, written: str) -> None:
    masked = people.mask(mask(text), english=True)
    assert unmask(masked.text, masked) == written


def test_into_other_languages_only_names_stay() -> None:
    assert kept("Sehr geehrte Frau Dr. Sommer, Sehr geehrte Damen und Herren", english=False) == ["Sommer"]


def test_names_are_counted_on_from_what_is_kept() -> None:
    masked = people.mask(mask("Herr Koch schrieb an a@b.de."), english=True)
    assert masked.text == "Herr X2 schrieb an X1."
    assert unmask(masked.text, masked) == "Herr Koch schrieb an a@b.de."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Herr Yılmaz und Frau Dvořák", ["Yılmaz", "Dvořák"]),
        ("Frau O’Neill, Herr McDonald", ["O’Neill", "McDonald"]),
        ("Die Herren Groß und Stein", ["Groß", "Stein"]),
        ("Der Damen Lang und Klein wegen", ["Lang", "Klein"]),
        ("Das Ehepaar Sommer und Tante Frieda", ["Sommer", "Frieda"]),
        ("Kommissar Winter und Kriminalkommissarin Berg", ["Winter", "Berg"]),
        ("Die Präsidenten Geld geben lassen", []),
        ("Die Damen Jacken", []),
    ],
)
def test_names_behind_other_words_for_people_stay(text: str, names: list[str]) -> None:
    assert list(people.mask(mask(text), english=True).kept.values()) == names
