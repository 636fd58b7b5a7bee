"""Several processes learn together: `torchrun --nproc-per-node 2 -m flowc train net.flow --backend torch`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flowc.doors.cli.errors import Trouble
from flowc.records import Record


class Processes(Record):
    """`number` is that of this process, from 0, among `count`; the first one speaks and writes for all."""

    number: int = 0
    count: int = 1
    local: int = 0  # among those of this machine

    @property
    def speaks(self) -> bool:
        return self.number == 0


def processes() -> Processes:
    """As torchrun has started them; else one alone."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK")
    if not all(os.environ.get(name, "").isdigit() for name in names):
        return Processes()
    return Processes(*(int(os.environ[name]) for name in names))


@contextmanager
def joined(those: Processes, backend: str, device: str | None) -> Iterator[str | None]:
    """While the processes can talk to each other; gives the device of this one. Raises Trouble."""
    if those.count == 1:
        yield device
        return
    if backend != "torch":
        raise Trouble(f"several processes learn together with `--backend torch`, not {backend}")
    import torch
    from torch import distributed

    cuda = (device or "cpu").startswith("cuda")
    try:
        if cuda:
            torch.cuda.set_device(those.local)
        distributed.init_process_group("nccl" if cuda else "gloo")
    except (RuntimeError, ValueError, AssertionError) as error:
        why = str(error).splitlines()[0]
        raise Trouble(f"process {those.number} of {those.count} cannot learn with the others: {why}") from None
    try:
        yield f"cuda:{those.local}" if cuda else device
        # Whoever ends first closes the connections that others still wait on: all arrive here, then all leave.
        distributed.barrier()
    finally:
        distributed.destroy_process_group()


def added(loss: float, gradients: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
    """The sums over all processes, by one message."""
    import torch
    from torch import distributed

    flat = torch.cat([g.reshape(-1) for g in gradients.values()])
    flat = torch.cat([flat, flat.new_tensor([loss])])
    distributed.all_reduce(flat)
    *parts, total = flat.split([*(g.numel() for g in gradients.values()), 1])
    return float(total), {n: p.reshape(g.shape) for (n, g), p in zip(gradients.items(), parts, strict=True)}
