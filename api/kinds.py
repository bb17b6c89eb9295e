"""Route for kinds of files: what may be sent, and what comes back."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.problems import responses
from api.services import Served
from formats import table

router = APIRouter(prefix="/v1/formats", tags=["documents"])


class Format(BaseModel):
    """A kind of file."""

    name: str = Field(examples=["docx"])
    about: str = Field(description="In a few words, with its article.", examples=["a Word document"])
    suffixes: list[str] = Field(description="The usual one first.", examples=[[".docx"]])
    media_types: list[str] = Field(description="The first is the one that results have.")
    text: bool = Field(description="Whether it is sent on as it is, and may be sent in parts.")
    saved_from: list[str] = Field(
        description="Suffixes of files that are not translated, but that their programs can save as this kind.",
        examples=[[".doc", ".rtf"]],
    )
    outputs: list[str] = Field(
        description="What it comes back as, the usual one first: by `GET /v1/documents/{document}/file?output=`.",
        examples=[["docx"]],
    )


class Formats(BaseModel):
    """All kinds."""

    formats: list[Format]


@router.get("", responses=responses())
async def formats(services: Served) -> Formats:
    """Tell which kinds of files are translated."""
    del services  # Only those are told who may send documents.
    return Formats(
        formats=[
            Format(
                name=kind.name,
                about=kind.about,
                # Those that another kind has, too, are that kind's.
                suffixes=[suffix for suffix in kind.suffixes if table.kind_of(f"x{suffix}") is kind],
                media_types=list(kind.media_types),
                text=kind.is_text,
                saved_from=table.saved_from(kind),
                outputs=list(kind.outputs or (kind.name,)),
            )
            for kind in table.KINDS
        ]
    )
