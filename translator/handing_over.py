"""Sentences that a translator has no model for: who gets them."""

from typing import NamedTuple

from pipeline.errors import PairError
from pipeline.events import Sentence
from pipeline.publisher import Outgoing
from pipeline.records import Received, Record
from pipeline.roster import Roster, name_of, named, newness, pairs, takes
from translator.engines import Engine
from translator.in_use import InUse

FIRST_READ = "satzstrom-first-read"
"""Header of a sentence that was put back: when it was written first, by the broker's clock in milliseconds."""


_LONGEST = 16


class Passed(NamedTuple):
    """A sentence on its way to another translator; `waits`: none has it now that is alive."""

    record: Outgoing
    waits: bool = False


class Substitute(NamedTuple):
    """The engine of another model than the one that was asked for, which no translator runs any more."""

    engine: Engine


class HandOver:
    """Decides what becomes of a sentence that none of a translator's engines takes.

    Translators of one lane share a group, so each reads whatever is in its partitions of the topics that it subscribes to:
    sentences of a pair that is not its own in the lane's topic, and those that ask for a model that another translator of
    the pair runs. It writes them where somebody reads them who has the model, and commits its own reading after that:
    nothing is lost, and those behind them in the partition go on.
    """

    def __init__(self, in_use: InUse, roster: Roster, lane: str) -> None:
        self._in_use = in_use
        self._roster = roster
        self._lane = lane

    def decide(self, received: Received[Sentence]) -> Passed | Substitute | None:
        """Return where a sentence goes, or which of the translator's own models takes it instead; None: nobody has one.

        What somebody offers who is not alive goes back to the end of the topic, for `Roster.model_kept` seconds at most.
        """
        sentence, record = received
        source, target, model = sentence.source, sentence.target, sentence.wanted
        topic = self._roster.topic(self._lane, source, target)
        owned = self._roster.owned(topic, source, target, model)
        if owned:
            return Passed(_written(record, topic, partition=owned[record.offset % len(owned)]))
        if topic != record.topic:
            return Passed(_written(record, topic))
        offered = self._roster.offers(source, target, model) and not self._expired(record)
        # Nobody asked for what is merely pinned: when all who ran it have said that they end, another one takes it at once.
        if offered and not (sentence.pinned and sentence.model != model and self._roster.leaves(source, target, model)):
            return Passed(_written(record, topic), waits=True)
        return self._replace(sentence, record, topic)

    def refusal(self, sentence: Sentence) -> PairError:
        """Return why nobody translates a sentence."""
        return PairError(sentence.source, sentence.target, pairs([*self._roster.models(), *self._in_use.offered()]))

    def _expired(self, record: Record) -> bool:
        return record.timestamp - _first_read(record) >= self._roster.model_kept * 1000

    def _replace(self, sentence: Sentence, record: Record, topic: str) -> Passed | Substitute | None:
        """Find what is nearest to a model that nobody runs: another revision of it, or else another model of the pair."""
        mine = self._in_use.of_pair(sentence.source, sentence.target)
        if mine is None:
            # A pair that nobody is known to offer: whoever does may be starting.
            return None if sentence.detected or self._expired(record) else Passed(_written(record, topic), waits=True)
        name = name_of(sentence.wanted or "")
        alike = [
            one
            for one in self._in_use.engines
            if takes(one.model, sentence.source, sentence.target) and named(one.model, name)
        ]
        if not alike and (owned := self._roster.owned(topic, sentence.source, sentence.target, name)):
            return Passed(_written(record, topic, partition=owned[record.offset % len(owned)]))
        return Substitute(max(alike, key=lambda one: newness(one.model.id)) if alike else mine)


def _first_read(record: Record) -> int:
    for name, value in record.headers:
        if name == FIRST_READ and value and value.isdigit() and len(value) < _LONGEST:
            return int(value)
    return record.timestamp


def _written(record: Record, topic: str, *, partition: int | None = None) -> Outgoing:
    """Return a record once more, for a topic; for whichever partition is next if none is given."""
    kept = [(name, value) for name, value in record.headers if name != FIRST_READ]
    headers = [*kept, (FIRST_READ, b"%d" % max(0, _first_read(record)))]
    return Outgoing(topic, record.value, record.key, partition, headers, turn=record.partition + 1)
