"""Ids, texts and metadata, as they are described wherever they are taken or given."""

from typing import Annotated, Any

from pydantic import Field

from api.problems import BATCH_ID_PATTERN, ID_PATTERN

TEXT_EXAMPLE = {"schema": {"type": "string"}, "example": "Guten Tag. Wie geht es Ihnen?"}
"""What OpenAPI says of a text."""


DocumentId = Annotated[
    str,
    Field(
        pattern=ID_PATTERN,
        description="Letters, digits and . _ : - (at most 128).",
        examples=["kafka-verwandlung"],
    ),
]


BatchId = Annotated[
    str,
    Field(
        pattern=BATCH_ID_PATTERN,
        description="Letters, digits and . _ : - (at most 120); its documents are called <batch>.0, <batch>.1 and so on.",
        examples=["letters-of-may"],
    ),
]


Metadata = Annotated[
    dict[str, Any],
    Field(
        description="Kept with the document and given back; at most 16 KiB.",
        examples=[{"author": "Franz Kafka"}],
    ),
]
