"""Which version of a model an alias stands for: moved by hand, or when a new one is better."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import SetupError
from trainer.registry import Registry

METRICS = ("bleu", "chrf")


@dataclass(frozen=True)
class Rule:
    """When a version takes the place of the one that an alias stands for."""

    metric: str = "bleu"
    margin: float = 0.0
    """By how much its figure has to be higher, as the mean over all test sets that both were scored on."""


def promote(registry: Registry, name: str, version: str, alias: str, rule: Rule | None) -> str:
    """Let `alias` stand for a version if the rule says so (without one: always), and return what was done, for people.

    Raises `SetupError`, also when the two cannot be compared, and `UnavailableError`.
    """
    before = registry.version_of(name, alias)
    if before == version:
        return f"{name}@{alias} is version {version} already"
    if rule is None or before is None:
        registry.point(name, alias, version)
        return f"{name}@{alias} is version {version} now (before: {before or 'none'})"
    gain = gained(registry.tags_of(name, before), registry.tags_of(name, version), rule.metric)
    if gain is None:
        raise SetupError(
            f"versions {before} and {version} of {name} were not scored on the same test set, so nobody knows which "
            f"is better; {name}@{alias} stays version {before} (by hand: satzstrom train promote {name} {version} "
            f"--alias {alias})"
        )
    compared = f"{gain:+.2f} {rule.metric} against version {before}, wanted +{rule.margin:.2f}"
    if gain < rule.margin:
        return f"{name}@{alias} stays version {before}: version {version} has {compared}"
    registry.point(name, alias, version)
    return f"{name}@{alias} is version {version} now: {compared}"


def gained(before: Mapping[str, str], after: Mapping[str, str], metric: str) -> float | None:
    """Return by how much a figure is higher, as the mean over the test sets that both share; None if there is none.

    A set is shared if its sentences and the way of counting are the same.
    """
    ending = f".{metric}"
    names = [name.removesuffix(ending) for name in after if name.endswith(ending)]
    gains = [
        float(after[name + ending]) - float(before[name + ending])
        for name in names
        if name + ending in before
        and all(
            before.get(key) == after.get(key) is not None for key in (f"{name}.sha256", f"{name}{ending}.signature")
        )
    ]
    return round(sum(gains) / len(gains), 4) if gains else None
