"""Splits parts of documents into sentences."""
