"""What the operator may change, read from the environment (`LSTM_EXPLORER_*`).

=============================  ==============================================================
variable                       meaning
=============================  ==============================================================
LSTM_EXPLORER_STORE            SQLAlchemy address of the run store
LSTM_EXPLORER_SLOTS            trainings at the same time
LSTM_EXPLORER_MODE             `single` (one person) or `class` (smaller limits)
LSTM_EXPLORER_<any field>      any other field of `Settings`, in capitals
=============================  ==============================================================
"""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CLASS_LIMITS = {
    "max_upload_mb": 10,
    "max_rows": 200_000,
    "max_columns": 50,
    "reader_memory_mb": 600,
    "reader_cpu_seconds": 10,
    "reader_wall_seconds": 30.0,
    "wall_limit_seconds": 600.0,
}


def default_store() -> str:
    """Address of the SQLite file in the user's data directory."""
    return f"sqlite:///{Path(platformdirs.user_data_dir('lstm-explorer', appauthor=False)) / 'runs.sqlite3'}"


class Settings(BaseSettings):
    """Limits and places. Frozen; `Settings()` reads the environment."""

    model_config = SettingsConfigDict(
        env_prefix="LSTM_EXPLORER_", frozen=True, extra="ignore", populate_by_name=True
    )

    store_url: str = Field(
        default_factory=default_store,
        validation_alias="LSTM_EXPLORER_STORE",
        description="SQLAlchemy address: sqlite:////path or postgresql+psycopg://...",
    )
    slots: int = Field(default=2, ge=1, le=64, description="Trainings at the same time.")
    slot_threads: int = Field(
        default=2,
        ge=1,
        le=64,
        description="Threads of one training: two halves of a large batch are worked on side by side.",
    )
    slot_nice: int = Field(
        default=19,
        ge=0,
        le=19,
        description="How far a training steps back for everything else on the machine; 0 where nothing else runs.",
    )
    warm_slots: bool = Field(
        default=True,
        description="Import TensorFlow into the slots when the server starts, so that the first run starts fast.",
    )
    mode: Literal["single", "class"] = Field(default="single", description="`class` lowers the limits below.")

    max_upload_mb: int = Field(default=50, ge=1, description="Largest file a person may upload, in MB.")
    max_rows: int = Field(default=2_000_000, ge=100, description="Most rows of a series.")
    max_columns: int = Field(default=200, ge=1, description="Most columns of a table.")
    max_cell_kb: int = Field(default=10, ge=1, description="Longest text of one cell, in KB.")
    upload_quota_mb: int = Field(
        default=100, ge=1, description="Uploads kept per person, in MB; older ones go first."
    )

    read_apart_mb: float = Field(
        default=5.0,
        ge=0,
        description="Text files above this size are read in a process of their own, as workbooks always are.",
    )
    readers: int = Field(default=2, ge=1, le=64, description="Files that are read at the same time.")
    reader_memory_mb: int = Field(
        default=1200, ge=64, description="Memory that reading one file may take, beside the libraries."
    )
    reader_cpu_seconds: int = Field(
        default=20, ge=1, description="Processor time that reading one file may take."
    )
    reader_wall_seconds: float = Field(
        default=60.0, gt=0, description="Longest time reading one file may take."
    )

    memory_budget_mb: int = Field(
        default=1536, ge=64, description="Memory one training may add to its slot, in MB."
    )
    wall_limit_seconds: float = Field(default=3600.0, gt=0, description="Longest time one training may take.")
    silence_limit_seconds: float = Field(
        default=30.0, gt=0, description="A worker without a sign of life for this long is stopped."
    )
    pause_hold_seconds: float = Field(
        default=60.0, ge=0, description="How long a paused training keeps its slot before others may have it."
    )
    checkpoint_seconds: float = Field(
        default=10.0,
        ge=0,
        description="Time between two checkpoints of a training: what a lost worker loses at most.",
    )
    max_waiting: int = Field(
        default=60, ge=1, description="Runs that may wait in the queue, all people together."
    )
    max_waiting_per_owner: int = Field(default=20, ge=1, description="Runs that one person may have waiting.")

    @model_validator(mode="before")
    @classmethod
    def _lower_limits_for_a_class(cls, values: dict[str, object]) -> dict[str, object]:
        """In class mode, limits nobody set take the class values."""
        if values.get("mode") == "class":
            return {**CLASS_LIMITS, **values}
        return values
