"""The one error of the engine: shapes that do not conform."""


class ShapeError(ValueError):
    """Arrays whose shapes do not conform; the message names both shapes and what was expected."""
