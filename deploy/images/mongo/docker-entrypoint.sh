#!/bin/bash
# As the official image does: on an empty volume make the user MONGO_INITDB_ROOT_USERNAME, then start what was asked for.
set -euo pipefail
if [[ "$1" == mongod && -n "${MONGO_INITDB_ROOT_USERNAME:-}" && ! -e /data/db/WiredTiger ]]; then
  mongod --dbpath /data/db --bind_ip 127.0.0.1 --port 27016 --quiet >/dev/null &
  PYTHONPATH=/opt/pymongo python3 - <<'PYTHON'
import os
from pathlib import Path

from pymongo import MongoClient

password = Path(os.environ["MONGO_INITDB_ROOT_PASSWORD_FILE"]).read_text(encoding="utf-8").strip()
with MongoClient("mongodb://127.0.0.1:27016", serverSelectionTimeoutMS=30_000) as client:
    client.admin.command("createUser", os.environ["MONGO_INITDB_ROOT_USERNAME"], pwd=password, roles=["root"])
PYTHON
  kill %1
  wait %1 || true
fi
exec "$@"
