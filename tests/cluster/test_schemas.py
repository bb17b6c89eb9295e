"""The manifests of operators' kinds against the schemas of these operators' own releases (Go fetches them)."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.unit.test_kubernetes import MANIFESTS

HERE = Path(__file__).parent
CRDS = {
    "github.com/kedacore/keda/v2": "config/crd/bases/*.yaml",
    "github.com/prometheus-operator/prometheus-operator": "example/prometheus-operator-crd/*.yaml",
}
CHECKED = {name: one for name, one in MANIFESTS.items() if one["apiVersion"].startswith(("keda.sh/", "monitoring."))}


class Loader(yaml.SafeLoader):
    """Reads a lonely `=`, which is one of the operators' enumerated values, as what it is."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: str(node.value))


def modules() -> Iterator[Path]:
    """Yield the folders of the operators' CRDs, fetched where they are missing."""
    done = subprocess.run(["go", "mod", "download", "-json", *CRDS], cwd=HERE, stdout=subprocess.PIPE, check=True)
    decoder, text = json.JSONDecoder(), done.stdout.decode()
    while text.strip():
        found, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        yield from sorted(Path(found["Dir"]).glob(CRDS[found["Path"]]))


@pytest.fixture(scope="module")
def schemas() -> dict[tuple[str, str], Any]:
    """Return the schemas by API version and kind."""
    found = {}
    for path in modules():
        for crd in yaml.load_all(path.read_text(encoding="utf-8"), Loader):
            for version in crd["spec"]["versions"]:
                name = (f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"])
                found[name] = closed(version["schema"]["openAPIV3Schema"])
    return found


def closed(schema: Any) -> Any:
    """Return a schema that refuses what it does not name; a cluster would drop that without a word."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(one) for name, one in schema.items()}
    open_ = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and not open_:
        made["additionalProperties"] = False
    if isinstance(pattern := schema.get("pattern"), str):
        # Go takes flags anywhere.
        made["pattern"] = "(?i)" + pattern.replace("(?i)", "") if "(?i)" in pattern else pattern
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    return made


@pytest.mark.parametrize("name", CHECKED)
def test_manifests_keep_to_the_operators_schemas(name: str, schemas: dict[tuple[str, str], Any]) -> None:
    manifest = CHECKED[name]
    schema = schemas[manifest["apiVersion"], manifest["kind"]]
    # What every object has is described by Kubernetes and left out of the schemas.
    schema["properties"]["metadata"] = {"type": "object"}
    jsonschema.validate(manifest, schema)


def test_what_an_operator_does_not_know_is_found(schemas: dict[tuple[str, str], Any]) -> None:
    manifest = json.loads(json.dumps(CHECKED["cpu/scaling.yaml 0"]))
    manifest["spec"]["minReplicas"] = 0
    schema = schemas[manifest["apiVersion"], manifest["kind"]]
    schema["properties"]["metadata"] = {"type": "object"}
    with pytest.raises(jsonschema.ValidationError, match="minReplicas"):
        jsonschema.validate(manifest, schema)
