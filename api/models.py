"""Routes for models: which ones translators run and use, and looking for new ones."""

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import ADMIN_ONLY
from api.problems import responses
from api.services import Served
from pipeline.events import Control, TranslatorStatus, encode
from pipeline.publisher import Outgoing
from pipeline.submission import SEND_TIMEOUT

router = APIRouter(prefix="/v1/models", tags=["operations"], dependencies=[ADMIN_ONLY])


# No document has such an id, whose word would be lost to it: the topic is compacted.
_KEY = b"/reload"


class OfferedPair(BaseModel):
    """Languages that a model translates."""

    source: str = Field(examples=["de"])
    target: str = Field(examples=["en"])
    preferred: bool = Field(description="Whether sentences that ask for no model get this one.")


class RunModel(BaseModel):
    """A model that a translator runs."""

    id: str = Field(examples=["de-en-tiny@1"])
    pairs: list[OfferedPair]
    calibrated: bool = Field(
        description="Whether the confidence of its translations is by a calibration of its own; else by the general one."
    )


class Refused(BaseModel):
    """A model that a translator was to use and does not."""

    id: str = Field(examples=["de-en-tiny@2"])
    reason: str
    at: datetime


class TranslatorModels(BaseModel):
    """The models of one translator."""

    translator: str
    engine: str
    device: str
    models: list[RunModel]
    refused: list[Refused] = Field(
        description="What did not load, or failed its trial; what was in use before goes on."
    )

    @classmethod
    def of(cls, status: TranslatorStatus) -> "TranslatorModels":
        """Return what a translator has announced."""
        pairs: dict[str, list[OfferedPair]] = {}
        for one in status.models:
            pair = OfferedPair(source=one.source, target=one.target, preferred=one.preferred)
            pairs.setdefault(one.id, []).append(pair)
        calibrated = {one.id for one in status.models if one.calibration is not None}
        return cls(
            translator=status.id,
            engine=status.engine,
            device=status.device,
            models=[RunModel(id=name, pairs=found, calibrated=name in calibrated) for name, found in pairs.items()],
            refused=[
                Refused(id=one.id, reason=one.reason, at=datetime.fromtimestamp(one.at / 1000, UTC))
                for one in status.refused
            ],
        )


class Models(BaseModel):
    """The models of all translators that run."""

    translators: list[TranslatorModels]


class Reloading(BaseModel):
    """Who was asked to look for new models."""

    translators: list[str]


@router.get("", responses=responses(403))
async def models(services: Served) -> Models:
    """Tell which models each translator runs, which it uses, and which it has refused and why."""
    found = sorted(services.roster.alive(), key=lambda status: status.id)
    return Models(translators=[TranslatorModels.of(status) for status in found])


@router.post("/reload", status_code=202, responses=responses(403))
async def reload(services: Served) -> Reloading:
    """Ask all translators to look into their folders of models now, and to try again what they have refused.

    They do so by themselves every few seconds where something has changed. The answer comes at once; what came of it is in
    `GET /v1/models` after some time: a model is loaded and tried before it is used.
    """
    record = Outgoing(services.topics.control, encode(Control(action="reload")), _KEY)
    await services.publisher.publish_within(SEND_TIMEOUT, [record])
    return Reloading(translators=sorted(status.id for status in services.roster.alive()))
