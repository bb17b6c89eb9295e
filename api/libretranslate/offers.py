"""What there is to choose from."""

from fastapi import APIRouter, HTTPException

from api.dialects import LIBRETRANSLATE, answers
from api.libretranslate.schemas import OfferedLanguage, Switches
from api.services import Served
from pipeline.detection import AUTO
from pipeline.language_names import name_of

router = APIRouter(tags=["libretranslate"])


@router.get("/languages", responses=answers(LIBRETRANSLATE))
async def languages(services: Served) -> list[OfferedLanguage]:
    """List the languages at both ends of the models that run now, with what each can become; it can always stay."""
    targets: dict[str, set[str]] = {}
    for model in services.roster.models():
        targets.setdefault(model.source, {model.source}).add(model.target)
        targets.setdefault(model.target, {model.target})
    return [
        OfferedLanguage(code=code, name=name_of(code), targets=sorted(offered))
        for code, offered in sorted(targets.items())
    ]


@router.get("/health")
async def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.post("/suggest", responses=answers(LIBRETRANSLATE, 403))
async def suggest() -> None:
    """Take no better translations, as LibreTranslate does where that is switched off."""
    raise HTTPException(403, "Suggestions are disabled on this server")


@router.get("/frontend/settings")
async def frontend_settings(services: Served) -> Switches:
    """Tell what a page over the API may offer."""
    models = services.roster.models()
    target = models[0].target if models else "en"
    keyed = services.keys.required
    return Switches(
        apiKeys=keyed,
        keyRequired=keyed,
        language={
            "source": {"code": AUTO, "name": "Auto Detect"},
            "target": {"code": target, "name": name_of(target)},
        },
    )
