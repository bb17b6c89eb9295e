"""Writes rules.yaml for the Prometheus operator from the alerts: python deploy/k8s/monitoring/rules.py > rules.yaml."""

import sys
from pathlib import Path

import yaml

_ALERTS = Path(__file__).parents[2] / "monitoring" / "alerts.yml"


def manifest() -> str:
    """Return the alerts as a PrometheusRule."""
    alerts = yaml.safe_load(_ALERTS.read_text(encoding="utf-8"))
    return yaml.safe_dump(
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": "satzstrom"},
            "spec": alerts,
        },
        sort_keys=False,
        width=120,
    )


if __name__ == "__main__":
    sys.stdout.write(manifest())
