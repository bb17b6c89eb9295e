"""Guards on translations into scripts that need fewer characters, and out of them."""

import pytest

from translator import guards
from translator.engines import Hypothesis
from translator.facts import Facts
from translator.writing.scripts import as_in_an_alphabet

GREGOR = "Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich zu einem Ungeziefer verwandelt."
GREGOR_EN = "One morning, when Gregor Samsa woke from troubled dreams, he found himself transformed into a beetle."
GREGOR_ZH = "一天早晨，格里高尔·萨姆沙从不安的睡梦中醒来，发现自己躺在床上变成了一只巨大的甲虫。"
TRAIN = "The train to Berlin leaves at 10:15 from platform 7 every day."
DOOR = "She opened the door, looked around and said nothing at all for a long time."
FRUIT = "Wir kaufen Äpfel, Birnen, Kirschen, Pflaumen, Trauben und Nüsse."
MEETING = "Die Sitzung (am Montag, 3. Mai) dauert 45 Minuten – länger als sonst."
WASH = "He said: wash your hands; then dry them; then open the box; then close it."
RIGHT = [
    ("de", "zh", GREGOR, GREGOR_ZH),
    ("zh", "en", GREGOR_ZH, GREGOR_EN),
    ("de", "zh", "Der Hund schläft heute vor dem Haus.", "狗今天睡在房子前面。"),
    ("de", "zh", MEETING, "会议（5月3日，星期一）持续45分钟——比平时更长。"),
    ("en", "zh", WASH, "他说：洗手；然后擦干；然后打开盒子；然后关上它。"),
    ("de", "ja", FRUIT, "私たちはリンゴ、梨、サクランボ、プラム、ブドウ、ナッツを買います。"),
    ("en", "ja", DOOR, "彼女はドアを開け、辺りを見回し、長い間何も言わなかった。"),
    ("en", "ko", TRAIN, "베를린행 열차는 매일 10시 15분에 7번 승강장에서 출발합니다."),
    ("en", "ru", TRAIN, "Поезд в Берлин отправляется каждый день в 10:15 с платформы 7."),
]
WRONG = [
    ("de", "zh", GREGOR, "一天早晨，格里高尔醒来。", "short"),
    ("zh", "en", GREGOR_ZH, "One morning he woke.", "short"),
    ("en", "ja", DOOR, "彼女はドア", "short"),
    ("de", "zh", "Die Sitzung (am Montag) dauert 45 Minuten.", "会议持续45分钟。", "short"),
    ("de", "zh", "Der Hund schläft heute vor dem großen Haus am See.", GREGOR_ZH * 2, "length"),
    ("de", "ja", FRUIT, "私たちはリンゴ、梨、サクランボを買います。", "short"),
]


@pytest.mark.parametrize(("source", "target", "text", "translation"), RIGHT)
def test_right_translations_are_not_doubted(source: str, target: str, text: str, translation: str) -> None:
    assert guards.reasons(text, Hypothesis(translation), Facts(source, target)) == []


@pytest.mark.parametrize(("source", "target", "text", "translation", "reason"), WRONG)
def test_what_was_left_out_is_seen(source: str, target: str, text: str, translation: str, reason: str) -> None:
    assert reason in guards.reasons(text, Hypothesis(translation), Facts(source, target))


def test_texts_in_alphabets_stay_as_they_are() -> None:
    for text in (GREGOR, TRAIN, "Поезд — в Берлин", "Ein  Text — mit “allem” (und mehr)…", ""):
        assert as_in_an_alphabet(text) is text
