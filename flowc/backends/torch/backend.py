"""The torch backend: plain functions with gradients by autograd or written out, a module, or a chain of layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowc.backends.backend import Options, Refused
from flowc.backends.python.backend import PythonBackend
from flowc.backends.python.mesh import has_mesh
from flowc.backends.python.mesh_spelling import name_meshes
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.torch import functions, module, sequential
from flowc.backends.torch.shared import TorchSheet
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.values import TorchValues
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.program.passes.passes import Printing


class TorchBackend(PythonBackend):
    """torch source. float32 by default; values and weights decide, not the text, on which device it runs."""

    name = "torch"
    summary = "Readable torch: functions, an nn.Module, or nn.Sequential."
    library = "torch"
    forms = ("functions", "module", "sequential")
    lowerings = ("auto", "dense", "sparse")
    gradients = ("autograd", "explicit")
    dtypes = ("float32", "float64", "bfloat16", "float16")
    fused = ("affine", "backward")
    optimizers = True

    def complete(self, options: Options) -> Options:
        """Functions in style `fast` go back by themselves, unless autograd is asked for."""
        fast = options.style == "fast" and options.form in (None, "functions")
        return super().complete(replace(options, gradient=options.gradient or "explicit") if fast else options)

    def print_text(self, network: Network, program: Program, chosen: Options) -> str:
        if chosen.form != "functions" and chosen.gradient == "explicit":
            raise Refused(
                f"form `{chosen.form}` takes its gradients from autograd; explicit ones are in form `functions`"
            )
        if chosen.form != "functions" and has_mesh(program):
            raise Refused(f"form `{chosen.form}` has no meshes of single nodes; form `functions` has")
        if chosen.train:
            return _print_script(network, program, chosen)
        sheet, spelling = _prepare_sheet(network, program, chosen, self.printing(chosen, program))
        if chosen.form == "module":
            return module.module_file(sheet, spelling).text()
        if chosen.form == "sequential":
            return sequential.chain_file(sheet, spelling).text()
        return functions.functions_file(sheet, spelling).text()

    def emit_values(self, network: Network, program: Program, symbols: Mapping[str, Symbol], options: Options) -> str:
        """Gradients are written out, of whatever they are; only asked for `autograd` are they autograd's, of the loss."""
        chosen = self.complete(replace(options, gradient=options.gradient or "explicit"))
        printing = Printing(explicit=chosen.gradient == "explicit")
        return TorchValues(*_prepare_sheet(network, program, chosen, printing), symbols).print_source()


def _print_script(network: Network, program: Program, chosen: Options) -> str:
    """The loop that learns. Raises Refused."""
    from flowc.backends.python.training.script import Script
    from flowc.backends.torch.train import train_functions, train_module, train_sequential

    explicit = chosen.gradient == "explicit"
    if explicit and chosen.optimizer:
        raise Refused("an optimiser takes its gradients from autograd; leave `--gradient explicit` away")
    script = Script(network, program, chosen, Printing(explicit=explicit))
    spelling = spelling_context(script, TorchSpelling(chosen.dtype or "float32", autograd=not explicit))
    forms = {"functions": train_functions, "module": train_module, "sequential": train_sequential}
    return forms[chosen.form or "functions"](script, spelling)


def _prepare_sheet(
    network: Network, program: Program, options: Options, printing: Printing
) -> tuple[Sheet, TorchSpelling]:  # fmt: skip
    sheet = TorchSheet(network, program, options, printing)
    meshes = name_meshes(program.steps, sheet.names.fresh)
    return sheet, spelling_context(sheet, TorchSpelling(options.dtype or "float32", autograd=not printing.explicit, meshes=meshes))
