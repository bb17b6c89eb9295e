"""The child of `EngineProcess`: python -m translator.engines.child FILE_DESCRIPTOR."""

import sys
from multiprocessing.connection import Connection

from translator.engines.process import serve

if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
