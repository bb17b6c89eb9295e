"""The version of this library: that of the release it belongs to (tests/unit/test_monitoring.py keeps them the same)."""

VERSION = "0.1.0"
