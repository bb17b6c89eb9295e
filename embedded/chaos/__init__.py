"""What faults do to documents that are being translated, for everybody to see.

A pipeline of its own (`command.py`) gets documents whose translation is known (`documents.py`, `workload.py`), while faults
strike it. `faults.py` has the list of them: what happens to processes, to their load and their disk, to sentences on
Kafka, to deletions, to models, and what others send that cannot be right. What has to hold afterwards is checked
(`checks.py`, `deletions.py`, `growth.py`) and told (`findings.py`).
"""
