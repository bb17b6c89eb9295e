"""Writes topics.yaml for Strimzi from the topic table: python deploy/k8s/strimzi/topics.py > topics.yaml."""

import sys

import yaml

from pipeline.topics import Topics


def manifests() -> str:
    """Return one KafkaTopic a row of the table, with three copies of each record."""
    documents = [
        {
            "apiVersion": "kafka.strimzi.io/v1",
            "kind": "KafkaTopic",
            "metadata": {"name": topic.name, "namespace": "kafka", "labels": {"strimzi.io/cluster": "satzstrom"}},
            "spec": {"partitions": topic.partitions, "replicas": 3, "config": topic.config},
        }
        for topic in Topics()
    ]
    return yaml.safe_dump_all(documents, sort_keys=False)


if __name__ == "__main__":
    sys.stdout.write(manifests())
