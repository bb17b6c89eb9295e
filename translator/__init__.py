"""Translates sentences."""
