"""Trains translation models from pairs of sentences."""
