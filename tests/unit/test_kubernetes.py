"""The Kubernetes manifests: valid, and as careful as the compose file."""

import ipaddress
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from api.__main__ import ApiSettings
from pipeline.create_topics import TopicSettings
from pipeline.roster import PAIR_KEPT
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from tests.conftest import ROOT
from tests.unit.test_imports import ALLOWED
from translator.__main__ import TranslatorSettings, pivots
from translator.llm.settings import language_model

FOLDER = ROOT / "deploy" / "k8s"
MANIFESTS = {
    f"{path.relative_to(FOLDER)} {number}": manifest
    for path in sorted(FOLDER.rglob("*.yaml"))
    if path.name != "kustomization.yaml"
    for number, manifest in enumerate(yaml.safe_load_all(path.read_text(encoding="utf-8")))
}
# Their schemas come with their operators.
FOREIGN = ("keda.sh/", "kafka.strimzi.io/", "monitoring.coreos.com/")
# A patch is no whole manifest.
PATCHES = {"gpu/translator.yaml 0", "llm/translator.yaml 0", "pairs/translator.yaml 0"}
WORKLOADS = [name for name, manifest in MANIFESTS.items() if manifest["kind"] == "Deployment" and name not in PATCHES]


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, manifest in MANIFESTS.items()
        if not manifest["apiVersion"].startswith(FOREIGN) and name not in PATCHES
    ],
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
    for container in [*pod(name)["containers"], *pod(name).get("initContainers", [])]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]


def test_no_more_translators_than_partitions() -> None:
    topics = Topics()
    for overlay in ("cpu", "gpu", "pairs"):
        scaled = MANIFESTS[f"{overlay}/scaling.yaml 0"]["spec"]
        assert scaled["minReplicaCount"] == 0
        for trigger in (one for one in scaled["triggers"] if one["type"] == "kafka"):
            lane = trigger["metadata"]
            assert topics[lane["topic"]].partitions == scaled["maxReplicaCount"]
            assert lane["topic"] in topics.read_by([lane["topic"]])[lane["consumerGroup"]]


def test_translators_of_several_pairs_are_scaled_by_their_own_topics_and_stay_known() -> None:
    scaled = MANIFESTS["pairs/scaling.yaml 0"]["spec"]
    deployed = MANIFESTS["pairs/translator-fr.yaml 0"]
    assert scaled["scaleTargetRef"]["name"] == deployed["metadata"]["name"]
    (container,) = deployed["spec"]["template"]["spec"]["containers"]
    settings = {one["name"]: one["value"] for one in container["env"]}
    read = {
        f"{lane}.{pair}"
        for lane in (Topics().sentences_interactive, Topics().sentences_bulk)
        for pair in ("en-fr", "de-fr")
    }
    assert {one["metadata"]["topic"] for one in scaled["triggers"] if one["type"] == "kafka"} == read
    assert pivots(settings["SATZSTROM_PIVOT"]) == {("de", "fr")}
    # Less than the limit of the container by what the translator itself takes.
    assert int(settings["SATZSTROM_MODEL_MEMORY"]) <= 2048 - 500
    assert {name.removeprefix("SATZSTROM_").lower() for name in settings} <= set(TranslatorSettings.model_fields)
    (cron,) = (one["metadata"] for one in scaled["triggers"] if one["type"] == "cron")
    assert "*/12" in cron["start"]
    assert PAIR_KEPT > 12 * 3600


def test_nothing_is_immutable_that_a_release_changes() -> None:
    """The pod of a job cannot be changed by applying the next release."""
    assert {manifest["kind"] for manifest in MANIFESTS.values()}.isdisjoint({"Job", "Pod"})


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_service_can_log_in_at_kafka(name: str) -> None:
    settings = MANIFESTS["base/settings.yaml 0"]["data"]
    (volume,) = (one for one in pod(name)["volumes"] if one["name"] == "kafka")
    assert volume["secret"]["secretName"] == "satzstrom-kafka"
    for container in [*pod(name)["containers"], *pod(name).get("initContainers", [])]:
        mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
        for setting in ("SATZSTROM_KAFKA_CA_FILE", "SATZSTROM_KAFKA_PASSWORD_FILE"):
            assert settings[setting].startswith(mounts["kafka"] + "/")


@pytest.mark.parametrize(
    "service", sorted(name for name, others in ALLOWED.items() if "store" in others and name != "embedded")
)
def test_every_service_that_uses_the_store_reaches_mongodb_and_can_log_in_there(service: str) -> None:
    manifest = MANIFESTS[f"base/{service}.yaml 0"]
    assert manifest["spec"]["template"]["metadata"]["labels"]["satzstrom/mongodb"] == "yes"
    password = MANIFESTS["base/settings.yaml 0"]["data"]["SATZSTROM_MONGODB_PASSWORD_FILE"]
    (container,) = pod(f"base/{service}.yaml 0")["containers"]
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    assert password.startswith(mounts["secrets"] + "/")


def test_the_settings_are_those_that_services_read() -> None:
    names = {name for name in MANIFESTS["base/settings.yaml 0"]["data"] if name.startswith("SATZSTROM_")}
    known = {
        f"SATZSTROM_{field.upper()}"
        for kind in (ApiSettings, TopicSettings, StoreSettings)
        for field in kind.model_fields
    }
    assert names <= known


def test_callbacks_and_traces_may_leave_the_cluster_and_private_addresses_are_out_of_reach() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in MANIFESTS.values() if one["kind"] == "NetworkPolicy"}
    outside = policies["callbacks"]["egress"][0]["to"][0]["ipBlock"]
    assert outside["cidr"] == "0.0.0.0/0"
    private = [ipaddress.ip_network(one) for one in outside["except"]]
    for address in ("10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.1", "100.64.1.1"):
        assert any(ipaddress.ip_address(address) in one for one in private)
    assert policies["traces"]["egress"][0]["ports"] == [{"protocol": "TCP", "port": 4318}]


def test_readiness_does_not_ask_for_translators_that_are_started_by_what_was_submitted() -> None:
    (container,) = pod("base/api.yaml 0")["containers"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}


def test_strimzi_has_what_the_services_ask_for() -> None:
    listener = MANIFESTS["strimzi/kafka.yaml 1"]["spec"]["kafka"]["listeners"][0]
    user = MANIFESTS["strimzi/kafka.yaml 2"]
    settings = MANIFESTS["base/settings.yaml 0"]["data"]
    assert (listener["tls"], listener["authentication"]) == (True, {"type": "scram-sha-512"})
    assert settings["SATZSTROM_KAFKA"].endswith(f":{listener['port']}")
    assert settings["SATZSTROM_KAFKA_SECURITY"] == "sasl_ssl"
    assert settings["SATZSTROM_KAFKA_SASL_MECHANISM"] == "SCRAM-SHA-512"
    assert settings["SATZSTROM_KAFKA_USER"] == user["metadata"]["name"]
    for overlay in ("cpu", "gpu", "pairs"):
        triggers = MANIFESTS[f"{overlay}/scaling.yaml 0"]["spec"]["triggers"]
        for trigger in (one for one in triggers if one["type"] == "kafka"):
            assert trigger["metadata"]["bootstrapServers"] == settings["SATZSTROM_KAFKA"]
            assert (trigger["metadata"]["sasl"], trigger["metadata"]["tls"]) == ("scram_sha512", "enable")


@pytest.mark.parametrize("script", ["strimzi/topics.py", "monitoring/rules.py"])
def test_what_is_made_from_the_code_is_up_to_date(script: str) -> None:
    path = FOLDER / script
    made = subprocess.run(
        [sys.executable, path], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    assert made.stdout.decode() == path.with_suffix(".yaml").read_text(encoding="utf-8")


def test_a_translator_that_asks_a_language_model_reaches_its_server_and_has_time_for_an_answer() -> None:
    spec = MANIFESTS["llm/translator.yaml 0"]["spec"]["template"]["spec"]
    given = {one["name"]: one.get("value") for one in spec["containers"][0]["env"]}
    assert {name.removeprefix("SATZSTROM_").lower() for name in given} <= set(TranslatorSettings.model_fields)
    own = {name.removeprefix("SATZSTROM_").lower(): value for name, value in given.items() if value is not None}
    settings = TranslatorSettings.model_validate(own)
    assert language_model(settings).key == ""
    assert spec["terminationGracePeriodSeconds"] > settings.openai_timeout
    server = urlsplit(settings.openai_url)
    (rule,) = MANIFESTS["llm/network.yaml 0"]["spec"]["egress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": server.port}]
    (to,) = rule["to"]
    namespace = to["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
    assert (server.hostname or "").partition(".")[2] == namespace
    labels = MANIFESTS["base/translator.yaml 0"]["spec"]["template"]["metadata"]["labels"]
    assert MANIFESTS["llm/network.yaml 0"]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
