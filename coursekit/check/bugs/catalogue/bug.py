"""What the catalogue says of one mistake."""

from typing import NamedTuple


class Bug(NamedTuple):
    """One mistake: its code, the sentence for the student, and three hints, each plainer than the one before.

    In the sentence ``{name}`` stands for the name of the student's array or number, and ``{layer}`` for the layer where
    the mistake sits.
    """

    code: str
    sentence: str
    hints: tuple[str, str, str]
