"""Trying a model before it is used: on a few sentences, beside the one that it is to replace."""
