"""Makes the models of `segmenter/boundaries.py` from texts with known sentences."""
