"""Subtitles: SubRip and WebVTT."""
