"""The whole pipeline on one machine, without Docker: Kafka, MongoDB and the services under one supervisor."""
