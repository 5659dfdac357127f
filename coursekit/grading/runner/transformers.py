"""What makes Python of a cell: IPython's own steps, without the slow one where it would change nothing."""

import ast

from IPython.core.inputtransformer2 import TransformerManager


class Transformers(TransformerManager):  # type: ignore[misc]
    """IPython's own. They look for its syntax only where a cell is no Python yet: that takes longer than most cells."""

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """The lines as Python."""
        known = TransformerManager().token_transformers
        return lines if self.token_transformers == known and _is_python(lines) else super().do_token_transforms(lines)


def _is_python(lines: list[str]) -> bool:
    """Is it known to be Python? What has a backslash could make the parser warn, once more than the student expects."""
    source = "".join(lines)
    if "\\" in source:
        return False
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
