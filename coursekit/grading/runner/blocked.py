"""What a student's code cannot import: the packages that would do its work."""

import sys
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

BLOCKED = ("coursekit", "torch", "jax", "jaxlib", "autograd")


class Blocked(MetaPathFinder):
    """Refuses the packages that would do a student's work."""

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> None:
        """Raise ImportError for a blocked package; leave every other name to the next finder."""
        package = name.partition(".")[0]
        if package in BLOCKED:
            raise ImportError(f"{package} cannot be imported while a notebook is graded: use numpy and Python alone")


def block() -> None:
    """Refuse these packages from now on, also where they were imported before; who uses them already goes on."""
    for name in [name for name in sys.modules if name.partition(".")[0] in BLOCKED]:
        del sys.modules[name]
    sys.meta_path.insert(0, Blocked())
