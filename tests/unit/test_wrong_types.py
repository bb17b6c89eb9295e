"""Every field of every event with every type that it has not."""

import pytest

from pipeline.errors import EventError
from pipeline.events import decode
from pipeline.topics import Topics
from tests.integration.malformed import TOPICS, base, written, wrong_types


@pytest.mark.parametrize("topic", TOPICS)
def test_no_field_may_have_another_type(topic: str) -> None:
    kind = Topics()[topic].event
    assert kind is not None
    decode(kind, written(base(topic, "good")))
    wrong = wrong_types(base(topic, "wrong"))
    assert len(wrong) > 10
    for fields in wrong:
        with pytest.raises(EventError, match="Expected `"):
            decode(kind, written(fields))
