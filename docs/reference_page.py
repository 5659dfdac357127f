"""A page for each room of the package: its public names, grouped by the module that defines them."""

import ast
import inspect
from importlib import import_module
from types import ModuleType


def markdown(room: str) -> str:
    """The page of a room such as "engine": its docstring, then a section for each module it takes names from."""
    package = import_module(f"coursekit.{room}")
    parts = [f"# coursekit.{room}", _of(package)]
    for statement in ast.parse(inspect.getsource(package)).body:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            named = [alias.name for alias in statement.names if alias.name in package.__all__]
            whole = [name for name in named if isinstance(getattr(package, name), ModuleType)]
            for module in [f"{package.__name__}.{name}" for name in whole] or [statement.module]:
                parts += [f"## {module.removeprefix(package.__name__ + '.')}", _of(import_module(module))]
            parts += [_entry(package, name) for name in named if name not in whole]
    return "\n\n".join(parts) + "\n"


def _of(module: ModuleType) -> str:
    return f"```{{eval-rst}}\n.. automodule:: {module.__name__}\n   :no-index:\n```"


def _entry(package: ModuleType, name: str) -> str:
    value = getattr(package, name)
    if inspect.isclass(value):
        directive = f".. autoclass:: {value.__module__}.{name}\n   :members:"
    elif inspect.isfunction(value):
        directive = f".. autofunction:: {value.__module__}.{name}"
    else:
        source = getattr(value, "source", None)
        said = f"A {type(value).__name__}. Source: {source}." if source else f"Stands for ``{value}``."
        directive = f".. py:currentmodule:: None\n.. py:data:: {name}\n\n   {said}"
    return f"```{{eval-rst}}\n{directive}\n```"
