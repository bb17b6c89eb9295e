"""The language of the pipeline, which every service speaks: events, topics, the consume loop, dead letters, errors."""
