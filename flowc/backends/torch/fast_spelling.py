"""torch's words where speed decides: a product and the bias after it in one call, and torch's own backward functions."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.table import spells
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Step
from flowc.program.ops.fused import Affine, Backward


class FastTorchSpelling(TorchSpelling):
    @spells(Affine)
    def _spell_affine(self, step: Step[Affine], args: Sequence[Expression]) -> Expression:
        bias, x, W = args
        return e.call("torch.addmm", bias, x, e.transposed(W) if step.op.transposed else W)

    @spells(Backward)
    def _spell_backward(self, step: Step[Backward], args: Sequence[Expression]) -> Expression:
        return self.call_helper(f"{step.op.activation}_backward", *args)
