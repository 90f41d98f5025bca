"""The recipe's source as text, without importing it: pages show the training code and must not reach Keras."""

import ast
from importlib.resources import files


def recipe_module(name: str) -> str:
    """Source of `recipe/<name>.py`."""
    return files("lstm_core.recipe").joinpath(f"{name}.py").read_text(encoding="utf-8")


def recipe_functions(module: str, *names: str) -> list[str]:
    """Source of functions of `recipe/<module>.py`, verbatim, in the order asked for.

    Raises
    ------
    KeyError
        If the module has no such function.
    """
    source = recipe_module(module)
    found = {
        node.name: f"{ast.get_source_segment(source, node)}\n"
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
    return [found[name] for name in names]
