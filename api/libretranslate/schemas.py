"""What the routes of this dialect take and give."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from formats.table import suffixes
from pipeline import languages

Code = Annotated[str, Field(min_length=2, max_length=35), AfterValidator(languages.normal)]


class Detection(BaseModel):
    """A language that a text may be in."""

    confidence: float = Field(ge=0, le=100, description="In per cent.", examples=[97.0])
    language: str = Field(examples=["de"])


class Question(BaseModel):
    """What /detect takes."""

    q: str = Field(min_length=1, description="The text.", examples=["Guten Tag."])
    api_key: str = Field("", description="Where the API asks for one.")


class Order(BaseModel):
    """What /translate takes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"q": "Guten Tag.", "source": "de", "target": "en", "format": "text"}]}
    )

    q: Annotated[str, Field(min_length=1)] | Annotated[list[str], Field(min_length=1)] = Field(
        description="A text, or several: then the answer has several, too."
    )
    source: Code = Field(description="Language of the text; `auto`: the text tells it.", examples=["de", "auto"])
    target: Code = Field(examples=["en"])
    format: Literal["text", "html"] = "text"
    alternatives: int = Field(0, ge=0, le=100, description="How many other translations are wanted; 10 are the most.")
    api_key: str = Field("", description="Where the API asks for one.")


class Delivery(BaseModel):
    """What /translate gives; of several texts each member is a list."""

    translatedText: str | list[str]  # noqa: N815 (its name on the wire)
    detectedLanguage: Detection | list[Detection] | None = Field(  # noqa: N815 (as above)
        None, description="With `source: auto`."
    )
    alternatives: list[str] | list[list[str]] | None = Field(
        None, description="If they were asked for: whole texts, the best first; as many as there are."
    )


class OfferedLanguage(BaseModel):
    """A language that texts may be in, and those that they can be translated into."""

    code: str = Field(examples=["de"])
    name: str = Field(examples=["German"])
    targets: list[str] = Field(examples=[["en"]])


class FileOrder(BaseModel):
    """What /translate_file takes."""

    file: Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})] = Field(
        description=f"A file of a kind that is translated: {', '.join(suffixes())}."
    )
    source: Code = Field(examples=["de"])
    target: Code = Field(examples=["en"])
    encoding: str | None = Field(None, max_length=40, description="As for /v1/documents; before the file.")
    api_key: str = ""


class TranslatedFile(BaseModel):
    """Where a translated file is."""

    translatedFileUrl: str  # noqa: N815 (its name on the wire)


class Switches(BaseModel):
    """What a page over the API may offer."""

    apiKeys: bool  # noqa: N815 (its name on the wire)
    charLimit: int = Field(-1, description="-1: none.")  # noqa: N815 (as above)
    frontendTimeout: int = Field(500, description="Milliseconds to wait while somebody types.")  # noqa: N815 (as above)
    filesTranslation: bool = True  # noqa: N815 (as above)
    supportedFilesFormat: list[str] = suffixes()  # noqa: N815 (as above)
    keyRequired: bool  # noqa: N815 (as above)
    suggestions: bool = False
    language: dict[str, dict[str, str]]
