"""An example of each event; the tests run them through every service that reads the event."""

from pipeline.events import (
    Control,
    Counts,
    DocumentCompleted,
    DocumentPart,
    Event,
    OfferedModel,
    SegmentedPart,
    Sentence,
    Translation,
    TranslatorStatus,
)
from pipeline.revisions import revision

_SECOND_PART = DocumentPart(id="verwandlung", text="Es war kein Traum.\n", part=1, priority="low")
_REVISION = revision(_SECOND_PART)

EXAMPLES: dict[type[Event], list[Event]] = {
    DocumentPart: [
        DocumentPart(text="Guten Tag. Wie geht es Ihnen?"),
        DocumentPart(
            id="verwandlung",
            text="Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett zu "
            "einem ungeheueren Ungeziefer verwandelt.\n",
            part=0,
            last=False,
            source="de",
            target="en",
            metadata={"author": "Franz Kafka", "year": 1915},
        ),
        _SECOND_PART,
        DocumentPart(id="brief", text="Wir kommen morgen wieder.", source="auto", terms={"morgen": "tomorrow"}),
    ],
    SegmentedPart: [
        SegmentedPart(
            document="verwandlung",
            part=1,
            last=True,
            revision=_REVISION,
            text="Es war kein Traum.\n",
            spans=[0, 18],
            source="de",
            target="en",
            created=1_790_000_000_000,
        )
    ],
    Sentence: [
        Sentence(
            document="verwandlung",
            part=1,
            index=0,
            revision=_REVISION,
            text="Es war kein Traum.",
            source="de",
            target="en",
        )
    ],
    Translation: [
        Translation(
            document="verwandlung",
            part=1,
            index=0,
            revision=_REVISION,
            text="It was not a dream.",
            source="de",
            target="en",
            model="de-en-tiny@1",
            queued_ms=12.0,
            engine_ms=48.5,
        )
    ],
    TranslatorStatus: [
        TranslatorStatus(
            id="host-4711",
            engine="ctranslate2",
            device="cpu",
            state="ready",
            models=[OfferedModel(id="de-en-tiny@1", source="de", target="en")],
            at=1_790_000_000_000,
        )
    ],
    Control: [Control(document="urteil", action="cancel")],
    DocumentCompleted: [
        DocumentCompleted(
            document="verwandlung",
            state="done",
            source="de",
            target="en",
            model="de-en-tiny@1",
            characters=151,
            sentences=Counts(total=2, translated=2),
            created=1_790_000_000_000,
            finished=1_790_000_000_400,
            metadata={"author": "Franz Kafka", "year": 1915},
        )
    ],
}
