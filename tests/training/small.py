"""`satzstrom train` with a network that trains in seconds; where it is told so, its process kills itself.

KILL_AT=130 kills it after step 130; KILL_SAVING=100 while it writes the checkpoint of step 100; TERMINATE_AT=25 asks
it to end.
"""

import os
import signal
from typing import Any

import torch

from trainer import network
from trainer.__main__ import main
from trainer.training import Training

SMALL = network.Shape(width=32, inner=64, heads=2, encoder_layers=1, decoder_layers=1)


def signalled_at(step: int, kind: signal.Signals) -> None:
    do = Training._step

    def patched(self: Training, *arguments: Any) -> None:
        if self.place.step == step:
            os.kill(os.getpid(), kind)
        do(self, *arguments)

    Training._step = patched  # type: ignore[method-assign, assignment]


def killed_saving(step: int) -> None:
    do = torch.save

    def patched(content: Any, file: Any) -> None:
        if "place" in content and content["place"]["step"] == step:
            file.write(b"half of it")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        do(content, file)

    torch.save = patched


if __name__ == "__main__":
    network.SIZES["tiny"] = SMALL
    if at := os.environ.get("KILL_AT"):
        signalled_at(int(at), signal.SIGKILL)
    if at := os.environ.get("TERMINATE_AT"):
        signalled_at(int(at), signal.SIGTERM)
    if at := os.environ.get("KILL_SAVING"):
        killed_saving(int(at))
    main()
