"""The OpenAPI document, without a server."""

from typing import Any
from unittest.mock import MagicMock

from fastapi import FastAPI

from api.app import create_app


def app() -> FastAPI:
    """Return an API that can describe itself, and no more."""
    services = MagicMock()
    services.keys.required = False
    services.reach.origins = []
    return create_app(services)


def described() -> dict[str, Any]:
    """Return what the API says of itself."""
    return app().openapi()
