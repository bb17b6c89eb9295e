"""Rebuilds documents in MongoDB while their translations arrive."""
