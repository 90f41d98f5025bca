"""Widget groups: a spec goes in, a spec comes out.

Labels, help and bounds come from the spec's fields, so they are written once. Start values go in through
`state.widget(key, value)` and never through `value=` or `index=` (it says why)::

    length = st.slider(**field(WindowSpec, "length"), key=state.widget("window_length", spec.length))
"""

from typing import Any, get_args

from pydantic import BaseModel


def field(spec: type[BaseModel], name: str) -> dict[str, Any]:
    """Label, help and numeric bounds of a spec's field, as keyword arguments for a widget."""
    definition = spec.model_fields[name]
    arguments: dict[str, Any] = {"label": definition.title or name, "help": definition.description}
    for bound in definition.metadata:
        if (low := getattr(bound, "ge", None)) is not None:
            arguments["min_value"] = low
        if (high := getattr(bound, "le", None)) is not None:
            arguments["max_value"] = high
    return arguments


def choices(spec: type[BaseModel], name: str) -> tuple[Any, ...]:
    """Allowed values of a `Literal` field."""
    return get_args(spec.model_fields[name].annotation)
