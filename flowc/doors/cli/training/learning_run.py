"""A run of learning from its start to its end, whatever ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flowc.doors.cli.errors import Trouble
from flowc.learning.loop import Descent, NotFinite, State, failure_between, is_finite, learn
from flowc.learning.method import Method
from flowc.learning.record import Entry
from flowc.learning.stopping import Best, best_after
from flowc.nets.training.step import Learner
from flowc.records import Record

Look = Callable[[Mapping[str, Any]], float]  # the loss of the held-out data with these weights


class Run(Record):
    """What is run. `every`: after how many steps the held-out data are looked at and checkpoints written; `patience`:
    how many looks without a smaller loss end it, 0 for no end. `told` hear of every step, `saved` of every `every`th.
    `recorded`: the entries of all steps are kept, for a plot; they would fill the memory of a long run."""

    method: Method
    learner: Learner
    descent: Descent
    state: State
    best: Best | None
    every: int
    look: Look | None = None
    patience: int = 0
    recorded: bool = False
    told: tuple[Callable[[Entry], None], ...] = ()
    saved: tuple[Callable[[State, Best | None], None], ...] = ()

    def tell(self, entry: Entry) -> None:
        for told in self.told:
            told(entry)

    def save(self, state: State, best: Best | None) -> None:
        for saved in self.saved:
            saved(state, best)


@dataclass
class Course:
    """How a run went. `end`: "done", "patience", "interrupted", "not written", or what was not finite. `trouble`: what
    could not be written on the way."""

    state: State
    best: Best | None
    entries: list[Entry] = field(default_factory=list)
    end: str | NotFinite = "done"
    trouble: Trouble | None = None

    @property
    def learnt(self) -> State:
        """The state whose weights are the result: the best, where held-out data choose."""
        return self.best.state if self.best else self.state


@np.errstate(all="ignore")  # what is not finite is told once
def follow(run: Run) -> Course:
    """Until the last step, early, at Ctrl-C, where the loss is no number, or where the log or a checkpoint cannot be
    written: what was learnt is kept in any case."""
    course, sound = Course(run.state, run.best if run.patience else None), run.state
    try:
        for step in learn(run.method, run.descent, run.state):
            due = step.state.step % run.every == 0 or step.state.step == run.method.steps
            held = run.look(step.state.weights) if due and run.look else None
            entry = Entry(step.state.step, step.loss, step.rate, held)
            run.tell(entry)  # first: at Ctrl-C no step is done that is not in the log
            course.entries += [entry] if run.recorded else []
            course.state, sound = step.state, step.sound
            if due and not is_finite(step.state):
                break
            if held is not None and run.patience:
                course.best = best_after(course.best, held, step.state)
            if due:
                run.save(course.state, course.best)
            if course.best and course.best.waited >= run.patience:
                course.end = "patience"
                break
    except KeyboardInterrupt:
        course.end = "interrupted"
    except NotFinite as failure:
        course.state, course.end = failure.good, failure
    except Trouble as trouble:
        course.end, course.trouble = "not written", trouble
    if not is_finite(course.state):  # a loss may be finite all the same
        course.end = failure_between(run.method, run.descent, sound, course.state)
        course.state = course.end.good
    return course
