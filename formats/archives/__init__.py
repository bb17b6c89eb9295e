"""Zip archives, which may be damaged or hostile, and what else a file may be than its name says."""
