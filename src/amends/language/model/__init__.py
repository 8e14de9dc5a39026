"""What each sentence does and where it costs trust, judged by a small network that was trained on our own text.

A sentence is seen as a bag of named features (`sight`). Each feature has a row of small integers in `model.bin` (`weights`),
which is mapped, not read; the rows of a sentence are added, pass through one hidden layer and give the log-odds of every label
(`network`). Nothing here needs a numeric library. How the file is made: `training/` of the project.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.match import Lexicon
    from amends.language.model.network import Network


def open_network(lexicon: Lexicon, cues: Sequence[str], rules: Sequence[str]) -> Network:
    """The network of this package for an index with this lexicon, whose cues and rules have these names.

    Raises:
        ValueError: the file was made for another version or another kind of processor.
    """
    import mmap
    import os

    from amends.language.model.network import Network
    from amends.language.model.weights import Weights

    with open(os.path.join(os.path.dirname(__file__), "model.bin"), "rb") as file:
        return Network(Weights(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), lexicon, cues, rules)
