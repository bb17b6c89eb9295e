"""What faults do to documents that are being translated, for everybody to see.

A pipeline of its own (`command.py`) gets documents whose translation is known (`documents.py`, `workload.py`), while faults
strike it (`faults.py`, `disk.py`). What has to hold afterwards is checked (`checks.py`, `growth.py`) and told
(`findings.py`).
"""
