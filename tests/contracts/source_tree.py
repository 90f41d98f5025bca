"""The source files of the house, read once."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted((ROOT / "lstm_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SHELL = sorted((ROOT / "pages" / "_shell").glob("*.py"))
SOURCES = [*CORE, *PAGES, *SHELL, ROOT / "app.py"]


def name_of(path: Path) -> str:
    """Path inside the checkout, for test ids and messages."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """Syntax tree of a source file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node: ast.expr) -> str:
    """`np.load` for the expression `np.load`, "" for anything that is not a dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (parent := dotted(node.value)):
        return f"{parent}.{node.attr}"
    return ""


def imported_modules(path: Path) -> set[str]:
    """Every module a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found
