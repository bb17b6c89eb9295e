"""Batches that do not fit into memory."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.drafting import scheduler  # noqa: F401 (a fixture)
from tests.unit.engines import UpperEngine
from translator.drafts import Drafter
from translator.engines import Decoding, Hypothesis, Tokens, room
from translator.engines.room import Room, batch_tokens, free_gpu_memory, is_out_of_memory
from translator.scheduler import Scheduler


class OutOfMemoryError(RuntimeError):
    """As PyTorch calls it."""


ERRORS = [
    RuntimeError("CUDA failed with error out of memory"),
    RuntimeError("cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED"),
    OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    OutOfMemoryError("no room"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("std::bad_alloc"),
    MemoryError(),
]


class Device:
    """Has room for so many tokens at once, with padding."""

    def __init__(self, room: int, error: Exception = ERRORS[0]) -> None:
        self.room = room
        self.error = error
        self.sizes: list[int] = []
        self.lock = threading.Lock()

    def __call__(self, batch: Sequence[Tokens]) -> list[Hypothesis]:
        size = len(batch) * max(map(len, batch))
        with self.lock:
            self.sizes.append(size)
        if size > self.room:
            raise self.error
        return [Hypothesis("".join(tokens)) for tokens in batch]


def sentences(*lengths: int) -> list[list[str]]:
    return [[f"{number} "] * length for number, length in enumerate(lengths)]


def texts(batch: Sequence[Sequence[str]]) -> list[Hypothesis]:
    return [Hypothesis("".join(tokens)) for tokens in batch]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error)[:20])
def test_a_batch_that_does_not_fit_is_halved_until_it_does(error: Exception) -> None:
    device, released = Device(10, error), []
    batch = sentences(*[3] * 16)
    kept = Room(48, lambda: released.append(1))
    assert kept.run(batch, device) == texts(batch)
    assert device.sizes[:4] == [48, 24, 12, 6]
    assert len(released) == sum(size > 10 for size in device.sizes)


def test_later_batches_are_small_enough_at_once_and_grow_again() -> None:
    device = Device(100)
    kept = Room(400)
    batch = sentences(*[10] * 40)
    kept.run(batch, device)
    failed = sum(size > 100 for size in device.sizes)
    device.sizes.clear()
    kept.run(batch, device)
    assert max(device.sizes) <= 110
    assert sum(size > 100 for size in device.sizes) < failed
    device.room = 1000
    for _ in range(400):
        assert kept.run(batch, device) == texts(batch)
    device.sizes.clear()
    kept.run(batch, device)
    assert device.sizes == [400]


def test_sentences_of_unlike_length_keep_their_order() -> None:
    batch = sentences(1, 9, 2, 8, 3, 7, 20, 1)
    kept = Room(1000)
    for space in (500, 40, 20, 30):
        assert kept.run(batch, Device(space)) == texts(batch)


def test_a_sentence_alone_that_does_not_fit_says_so_and_the_others_are_not_lost() -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        Room(100).run(sentences(50), Device(10))


def test_other_errors_are_raised_at_once() -> None:
    device = Device(0, ValueError("bad token"))
    with pytest.raises(ValueError, match="bad token"):
        Room(100).run(sentences(1, 2), device)
    assert len(device.sizes) == 1
    assert not is_out_of_memory(ValueError("memory of a book"))


def test_it_may_be_used_by_several_threads() -> None:
    device, kept = Device(30), Room(200)
    batch = sentences(*[5] * 40)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: kept.run(batch, device), range(20)):
            assert found == texts(batch)
    assert kept.fits >= 1


def test_a_batch_has_as_many_tokens_as_fit_beside_the_model() -> None:
    giga, marian, nllb, madlad = 1 << 30, 75_000_000, 600_000_000, 3_000_000_000
    assert batch_tokens(None, marian, 2) == room.USUAL_ON_GPU
    assert batch_tokens(80 * giga, marian, 2) == 32_768
    assert batch_tokens(12 * giga, nllb, 2) < batch_tokens(22 * giga, nllb, 2) < batch_tokens(80 * giga, nllb, 2)
    assert batch_tokens(22 * giga, nllb, 1) == pytest.approx(2 * batch_tokens(22 * giga, nllb, 2), abs=2)
    assert batch_tokens(giga, madlad, 2) == 1024
    assert batch_tokens(0, 0, 1) == 1024


def test_without_a_driver_nobody_tells_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert free_gpu_memory() is None


def test_the_drivers_word_is_read_for_the_card_that_may_be_used(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "nvidia-smi"
    program.write_text('#!/bin/sh\n[ "$1" = "--id=3" ] && echo 15109 || echo "No devices were found"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1")
    assert free_gpu_memory() == 15109 << 20
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert free_gpu_memory() is None


async def test_documents_go_on_with_an_engine_whose_memory_is_short(
    scheduler: Scheduler,  # noqa: F811 (the fixture)
) -> None:
    class Small(UpperEngine):
        batch_tokens = 400

        def __init__(self) -> None:
            super().__init__()
            self.kept = Room(self.batch_tokens)
            self.device_room = Device(16)

        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            def make(part: Sequence[Tokens]) -> list[Hypothesis]:
                self.device_room(part)
                return super(Small, self).generate(part, decoding)

            return self.kept.run(batch, make)

    given = [f"satz {number} hat wörter" for number in range(60)]
    drafts = await Drafter(Small(), scheduler, urgent=True).translate(given)
    assert [draft.text for draft in drafts] == [text.upper() for text in given]
    assert not any(draft.suspect or draft.failure for draft in drafts)
