"""The OpenAPI document, without a server."""

from typing import Any
from unittest.mock import MagicMock

from api.app import create_app


def described() -> dict[str, Any]:
    """Return what the API says of itself."""
    services = MagicMock()
    services.keys.required = False
    services.reach.origins = []
    return create_app(services).openapi()
