"""The Kubernetes manifests: valid, and as careful as the compose file."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from pipeline.topics import Topics
from tests.conftest import ROOT

FOLDER = ROOT / "deploy" / "k8s"
MANIFESTS = {
    f"{path.relative_to(FOLDER)} {number}": manifest
    for path in sorted(FOLDER.rglob("*.yaml"))
    if path.name != "kustomization.yaml"
    for number, manifest in enumerate(yaml.safe_load_all(path.read_text(encoding="utf-8")))
}
# Their schemas come with their operators.
FOREIGN = {"keda.sh/v1alpha1", "kafka.strimzi.io/v1"}
# A patch is no whole manifest.
PATCHES = {"gpu/translator.yaml 0"}
WORKLOADS = [
    name for name, manifest in MANIFESTS.items() if manifest["kind"] in ("Deployment", "Job") and name not in PATCHES
]


@pytest.mark.parametrize(
    "name",
    [name for name, manifest in MANIFESTS.items() if manifest["apiVersion"] not in FOREIGN and name not in PATCHES],
)
def test_manifests_keep_to_kubernetes_own_schemas(name: str) -> None:
    kubernetes_validate.validate(MANIFESTS[name], "1.34", strict=True)


def pod(name: str) -> dict[str, Any]:
    found: dict[str, Any] = MANIFESTS[name]["spec"]["template"]["spec"]
    return found


@pytest.mark.parametrize("name", WORKLOADS)
def test_containers_have_no_rights_that_they_do_not_need(name: str) -> None:
    assert pod(name)["securityContext"]["runAsNonRoot"]
    assert not pod(name)["automountServiceAccountToken"]
    (container,) = pod(name)["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]


def test_no_more_translators_than_partitions() -> None:
    topics = Topics()
    for overlay in ("cpu", "gpu"):
        scaled = MANIFESTS[f"{overlay}/scaling.yaml 0"]["spec"]
        assert scaled["minReplicaCount"] == 0
        for trigger in scaled["triggers"]:
            lane = trigger["metadata"]
            assert topics[lane["topic"]].partitions == scaled["maxReplicaCount"]
            assert topics.read_by()[lane["consumerGroup"]] == [lane["topic"]]


def test_strimzi_s_topics_are_those_of_the_table() -> None:
    script = FOLDER / "strimzi" / "topics.py"
    made = subprocess.run(
        [sys.executable, script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    assert made.stdout.decode() == Path(script.with_suffix(".yaml")).read_text(encoding="utf-8")
