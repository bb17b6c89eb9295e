"""The version of this release; also in pyproject.toml (tests/unit/test_monitoring.py keeps them the same)."""

VERSION = "0.1.0"
