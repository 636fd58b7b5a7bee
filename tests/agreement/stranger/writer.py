"""A diagram of a stranger: its statements, and how they stand on the page."""

from __future__ import annotations

from tests.agreement.stranger.data import Data
from tests.agreement.stranger.words import Text


class Stranger(Data):
    """Writes one diagram from a seed."""

    def write(self) -> Text:
        chance = self.chance
        if chance(0.3):
            self.say(f"flow {self.new_name()}" + (' "A title, $x^2$ & <b>"' if chance(0.5) else ""))
        self.declare_indices()
        for _ in range(self.pick((1, 1, 2, 2, 3))):
            self.declare_input()
        if chance(0.15):
            self.list_in_files()
        for _ in range(self.pick((0, 1, 1, 2))):
            self.declare_weight(self.dims())
        for _ in range(self.pick((0, 1, 2, 2, 3, 4))):
            self.add_node("node")
        for _ in range(self.pick((1, 1, 1, 2))):
            self.add_node("output")
        if chance(0.75):
            self.learn()
        if chance(0.6):
            self.add_data()
        return Text(self.page(), tuple(self.lines), self.files)

    def page(self) -> str:
        """All statements in a random order, with comments, blanks and ends of lines as people have them."""
        if self.chance(0.6):
            self.random.shuffle(self.lines)
        text = "# a stranger's diagram\n" if self.chance(0.3) else ""
        for line in self.lines:
            if self.strange and self.chance(0.1):
                text += '  # of its own: -> x = 1 "\n'
            text += "\t" if self.strange and self.chance(0.1) else ""
            text += line
            if self.chance(0.1) and "\n" not in line:
                text += "   # behind, with: signs; \"'"
            elif self.chance(0.08) and "{" not in line:
                text += " ; "
                continue
            text += self.pick(("\n", "\n", "\n\n"))
        if self.strange and self.chance(0.1):
            text = "\ufeff" + text.replace("\n", "\r\n")
        return text


def write(seed: int) -> Text:
    """The diagram of a seed."""
    return Stranger(seed).write()
