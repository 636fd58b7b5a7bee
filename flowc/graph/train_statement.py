"""The `train` statement: its method and settings."""

from __future__ import annotations

from flowc.diagnostics.suggest import and_list, closest, did_you_mean
from flowc.graph.calls import reader_of
from flowc.graph.draft import Draft
from flowc.graph.network import Training
from flowc.graph.parameters import number
from flowc.graph.problems import Abandon
from flowc.maths.optimisers import OPTIMISERS, Optimiser, Setting
from flowc.source import Span
from flowc.syntax import tree as t

SPELLED = {"lr": "rate", "learning_rate": "rate", "batch_size": "batch", "iterations": "steps"}


def read_training(draft: Draft, tree: t.Tree) -> Training | None:
    """The one `train` statement, checked; None without one."""
    statements = [s for s in tree.statements if isinstance(s, t.Train)]
    for second in statements[1:]:
        draft.problems.report(
            "second-train",
            "a diagram has one `train`, this is a second",
            second.span,
            notes=(("the first is here", statements[0].span),),
        )
    if not statements:
        return None
    if draft.loss is None:
        draft.problems.report(
            "train-without-loss",
            "there is no loss to train for",
            statements[0].span,
            hint="say what is to become small: `loss mse(f, y)`",
        )
    try:
        return _read_training(draft, statements[0])
    except Abandon:
        return None


def _read_training(draft: Draft, statement: t.Train) -> Training:
    call = statement.method
    method = OPTIMISERS.get(call.name)
    if method is None:
        nearest = closest(call.name, OPTIMISERS)
        hint = f"did you mean `{nearest}`?" if nearest else f"there are {and_list(OPTIMISERS)}"
        raise draft.problems.fail("unknown-method", f"there is no method `{call.name}`", call.name_span, hint=hint)
    if call.args:
        raise draft.problems.fail(
            "wrong-arguments",
            f"the settings of `{method.name}` are given by name",
            call.args[0].span,
            hint=f"write `{method.name}(rate={draft.text(call.args[0].span)})`",
        )
    settings: dict[str, float] = {}
    places: dict[str, Span] = {}
    for name, value, span in call.keywords:
        try:
            settings[name] = _read_setting(draft, method, name, value, span)
            places[name] = span
        except Abandon:
            pass
    if "steps" in settings and "epochs" in settings:
        draft.problems.report(
            "wrong-arguments", "`steps` and `epochs` say the same in two ways: give one", places["epochs"],
            notes=(("`steps` is here", places["steps"]),),
        )  # fmt: skip
    return Training(method.name, tuple(settings.items()), statement.span)


def _read_setting(draft: Draft, method: Optimiser, name: str, value: t.Expression, span: Span) -> float:
    setting = method.setting(name)
    if setting is None:
        names = [s.name for s in method.settings]
        meant = SPELLED.get(name.lower()) or closest(name, names)
        hint = f"did you mean `{meant}`?" if meant in names else f"it has {and_list(names)}"
        raise draft.problems.fail("unknown-setting", f"`{method.name}` has no setting `{name}`", span, hint=hint)
    if setting.words and isinstance(value, t.Ref) and value.index is None:
        return _number_of_word(draft, setting, value)
    amount = number(reader_of(draft), value, f"the setting `{name}`")
    if wrong := setting.complaint(amount, draft.text(value.span)):
        raise draft.problems.fail("bad-training", wrong, value.span)
    return amount


def _number_of_word(draft: Draft, setting: Setting, value: t.Ref) -> float:
    """The number of a word, as `replace=true`."""
    if value.name in setting.words:
        return float(setting.words.index(value.name))
    message = f"`{setting.name}` is {and_list(setting.words, 'or')}, not `{value.name}`"
    raise draft.problems.fail("bad-training", message, value.span, hint=did_you_mean(value.name, setting.words))
