"""What all tests share."""

import logging
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

logs.configure("WARNING")
# The libraries say so for every attempt to reach a server, and tests stop and start servers all the time.
for library in logs.LIBRARIES:
    logging.getLogger(library).setLevel(logging.CRITICAL)

# Settings of a pipeline that runs on this machine must not reach the tests.
for name in [name for name in os.environ if name.startswith("SATZSTROM_") and name != "SATZSTROM_TEST_SERVERS"]:
    del os.environ[name]

# Several tests run at once, and PyTorch's threads would wait for each other by turning in a circle on a core that is wanted
# elsewhere: fifteen times the work. It is read when they are made, also in processes that tests start.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(scope="session")
def models() -> Path:
    """Folder of the bundled models."""
    return MODELS
