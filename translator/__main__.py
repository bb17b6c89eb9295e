"""Runs a translator: python -m translator."""

import argparse
import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipeline import service
from pipeline.background import Work, background
from pipeline.cancellations import Cancellations
from pipeline.ending import within
from pipeline.errors import SetupError
from pipeline.events import Sentence, TextGoes, TranslatorStatus, encode
from pipeline.following import follow
from pipeline.kafka import KafkaClients
from pipeline.metrics import MODEL_BUDGET
from pipeline.publisher import Outgoing
from pipeline.records import Record, reader
from pipeline.roster import Roster, announce, now_ms
from pipeline.stage import Stage, StageOptions, run_stages
from pipeline.startup import create_topics_for_pairs, first_of, start_publisher, wait_for_topics
from pipeline.step import Step
from pipeline.topics import Topics, pair_topic
from translator.catalogue import MadeUpModels, ModelsFolder, OnServers
from translator.changing import ModelChanger
from translator.engines import Engine, ReadingEngine
from translator.engines.loading import load_language_model
from translator.engines.pool import EnginePool
from translator.handing_over import HandOver
from translator.handler import Handler
from translator.in_use import InUse
from translator.llm.reach import text_goes
from translator.llm.settings import LanguageModelSettings
from translator.models.aliases import Aliases, listed
from translator.models.folder import DEFAULT
from translator.models.routes import Pair, parse_pair
from translator.pivoting import PivotEngine, WithPivots
from translator.repeats import LastDrafts
from translator.scheduler import Scheduler

logger = logging.getLogger(__name__)

# A round has as much text as so many sentences of this size on the wire, so that a few long ones are a round, too.
_SENTENCE_BYTES = 512
# Pairs by way of English that get topics of their own unasked.
_FEW = 16


class TranslatorSettings(LanguageModelSettings):
    """Settings of a translator."""

    engine: Literal["ctranslate2", "transformers", "openai", "identity", "marking"] = Field(
        "ctranslate2", description="What translates."
    )
    models: Path = Field(DEFAULT, description="Folder of the models.")
    model_sources: str = Field(
        "", description="Models to bring before the start if they are missing, as `satzstrom models pull` takes them."
    )
    model_poll: float = Field(
        300.0,
        gt=0,
        description="Seconds between two questions what those of them name that may move, such as mlflow:/NAME@ALIAS.",
    )
    served: str = Field(
        "", description="Names of the models to serve, with revision or without, separated by commas; empty: all."
    )
    model_memory: int | None = Field(
        None, ge=1, description="Megabytes that the loaded models may take together; not set: no limit."
    )
    pivot: str = Field(
        "all",
        description="Which pairs may be translated by way of English, where no model does it directly and there are models "
        "into English and out of it: all, none, or pairs, separated by commas (de-fr,de-pt-BR).",
    )
    threads: int = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)), ge=1, description="CPU threads of the engine."
    )
    identity_batch_seconds: float = Field(
        0.0, ge=0, description="Tests: time that the engines for tests take for a batch."
    )
    identity_revision: str = Field(
        "1", pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Tests: revision of the marking engine's model."
    )


def catalogue(settings: TranslatorSettings) -> ModelsFolder | OnServers | MadeUpModels:
    """Return what tells which models there are for the engine that is set."""
    if settings.engine == "openai":
        return OnServers()
    if settings.engine in ("identity", "marking"):
        return MadeUpModels(
            settings.engine, settings.models, settings.identity_batch_seconds, settings.identity_revision
        )
    return ModelsFolder(settings.engine, settings.models, settings.threads, names(settings.served))


async def load(settings: TranslatorSettings, stop: asyncio.Event) -> tuple[EnginePool, InUse, ModelChanger]:
    """Bring the models that are missing, and load each once; a language model on a server is offered while that is away.

    Raises `SetupError`, also for a broken model that nothing can stand for, and `StoppedError`.
    """
    if settings.model_sources and settings.engine in ("ctranslate2", "transformers"):
        # What brings models is not there where a language model on a server is all that is asked.
        from translator.models.providing import provide_before

        await provide_before(settings.model_sources, settings.models, stop)
    budget = settings.model_memory and settings.model_memory << 20
    MODEL_BUDGET.set(budget or 0)
    pool = EnginePool(budget)
    in_use = InUse(WithPivots(lambda: pool.engines, pivots(settings.pivot)))
    there = catalogue(settings)
    changer = ModelChanger(
        pool, in_use, there, settings.model_kept, engine=settings.engine, fingerprint=there.fingerprint
    )
    try:
        if settings.engine == "openai":
            pool.offer(await asyncio.to_thread(load_language_model, settings))
        await asyncio.to_thread(changer.start)
    except BaseException:
        pool.stop()
        raise
    return pool, in_use, changer


def names(listed: str) -> list[str]:
    """Return the names in a list that is separated by commas."""
    return [name.strip() for name in listed.split(",") if name.strip()]


def pivots(setting: str) -> set[Pair] | None:
    """Return the pairs that may be translated by way of English; None: all. Raises `SetupError`."""
    if setting in ("all", "none"):
        return None if setting == "all" else set()
    try:
        return {parse_pair(name) for name in names(setting)}
    except ValueError as error:
        raise SetupError(f"SATZSTROM_PIVOT: {error}; or say all, or none") from None


def pairs_with_topics(engines: Sequence[Engine], *, named: bool) -> list[Pair]:
    """Return the pairs that get topics of their own.

    Those by way of English only where a person has `named` them, or where they are few: ten models into English and ten out
    of it are ninety pairs, and a broker does not bear any number of partitions. Others share the topics that all read.
    """
    direct, over = (
        {
            (one.model.source, one.model.target)
            for one in engines
            if not one.verbatim and isinstance(one, PivotEngine) is way
        }
        for way in (False, True)
    )
    if named or len(over) <= _FEW:
        return sorted(direct | over)
    logger.info(
        "%d pairs go by way of English and share topics with all; those that SATZSTROM_PIVOT names get their own",
        len(over),
    )
    return sorted(direct)


async def run(settings: TranslatorSettings, stop: asyncio.Event) -> None:
    """Put a translator together and run it until `stop` is set."""
    topics = Topics(settings.topic_prefix)
    kafka = KafkaClients.of(settings)
    pool, in_use, changer = await load(settings, stop)
    engines = pool.engines
    await wait_for_topics(kafka, topics, settings.start_timeout, stop)
    pairs = pairs_with_topics(in_use.engines, named=settings.pivot != "all")
    await create_topics_for_pairs(kafka, topics, pairs, settings.start_timeout, stop)
    publisher = await start_publisher(kafka, settings.start_timeout, stop)
    scheduler = Scheduler(max(one.workers for one in engines), max(one.spare for one in engines))
    scheduler.start()
    cancelled = Cancellations()
    made = LastDrafts() if settings.memory == "all" else None
    roster = Roster(settings.model_kept)
    known, ending = asyncio.Event(), asyncio.Event()
    # A name of its own for each run: what an earlier one announced is not this one's.
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
    lanes = (topics.sentences_interactive, topics.sentences_bulk)
    read = {lane: [lane, *sorted({pair_topic(lane, *pair) for pair in pairs})] for lane in lanes}
    consumers = {
        # A group a lane, so that a rebalance of one does not stop the other.
        lane: kafka.group_consumer(topics.group(group))
        for lane, group in zip(lanes, ("translator.interactive", "translator.bulk"), strict=True)
    }

    def partitions() -> dict[str, list[int]]:
        owned: dict[str, list[int]] = {topic: [] for lane in lanes for topic in read[lane]}
        for consumer in consumers.values():
            for place in sorted(consumer.assignment()):
                owned[place.topic].append(place.partition)
        return owned

    goes: TextGoes = "machine"
    if settings.engine == "openai":
        goes = await asyncio.to_thread(text_goes, settings.openai_url)

    def status() -> TranslatorStatus:
        away = isinstance(engines[0], ReadingEngine) and engines[0].away
        return TranslatorStatus(
            id=name,
            engine=settings.engine,
            device=engines[0].device,
            state="stopping" if stop.is_set() or ending.is_set() else "warming" if away else "ready",
            models=in_use.offered(),
            any_pair=engines[0].verbatim,
            partitions=partitions(),
            text_goes=goes,
            waits=away,
            at=now_ms(),
            refused=changer.refused(),
        )

    aliases = Aliases(listed(settings.model_sources), settings.models, settings.model_poll, changer.say)

    def controlled(record: Record) -> None:
        cancelled.add(record)
        if changer.add(record):
            aliases.ask()

    def stage(lane: str, *, urgent: bool) -> Stage:
        hand_over = HandOver(in_use, roster, lane)
        step: Step[Sentence] = Step(
            "translator",
            events=dict.fromkeys(read[lane], reader(Sentence)),
            handler=Handler(in_use, scheduler, cancelled, topics, hand_over, urgent=urgent, last=made).in_chunks,
            publisher=publisher,
            dead_letters=topics.dead_letters,
        )
        size = engines[0].round_size
        return Stage(
            consumers[lane],
            step,
            StageOptions(round_size=size, round_bytes=size * _SENTENCE_BYTES),
        )

    beside: dict[str, Work] = {
        "announcing this translator": partial(announce, publisher, topics.translators, status),
        "following translators": partial(follow, kafka, topics.translators, roster.add, known.set),
        "following cancellations and reloads": partial(follow, kafka, topics.control, controlled, changer.listen),
        "changing models": changer.run,
        "asking what aliases of models name": aliases.run,
    }
    logger.info("translates with %s on %s", ", ".join(engine.model.id for engine in engines), engines[0].device)
    try:
        async with background(beside):
            # Who does not know the others could not hand over what is theirs.
            await first_of(known, stop)
            await run_stages(
                stop, stage(topics.sentences_interactive, urgent=True), stage(topics.sentences_bulk, urgent=False)
            )
    finally:
        # Also after an error, when nobody has asked it to stop.
        ending.set()
        last = publisher.publish([Outgoing(topics.translators, encode(status()), name.encode())])
        await within(2.0, last, what="announcing that this translator ends")
        # The engines first: what they still work on is nobody's any more, and may take long.
        pool.stop()
        await scheduler.stop()
        await publisher.stop()


def main() -> None:
    """Read the settings and run; `--models` goes before `SATZSTROM_SERVED`."""
    parser = argparse.ArgumentParser(prog="python -m translator", description="Runs a translator.")
    parser.add_argument(
        "--models", metavar="NAME,NAME", help="which models to serve (default: $SATZSTROM_SERVED, or all)"
    )
    if (models := parser.parse_args().models) is not None:
        os.environ["SATZSTROM_SERVED"] = models
    service.main("translator", TranslatorSettings, run)


if __name__ == "__main__":
    main()
