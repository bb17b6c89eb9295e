"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipeline import logs

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"

# The same examples every time, so that a failure can be repeated; no deadline, because machines differ in speed.
settings.register_profile(
    "satzstrom",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("satzstrom")

# As in the services: the libraries log every attempt to reach a server.
logs.configure("WARNING")

# Settings of a pipeline that runs on this machine must not reach the tests.
for name in [name for name in os.environ if name.startswith("SATZSTROM_") and name != "SATZSTROM_TEST_SERVERS"]:
    del os.environ[name]


@pytest.fixture(scope="session")
def models() -> Path:
    """Folder of the bundled models."""
    return MODELS
