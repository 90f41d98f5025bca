"""Which run queues are alive: each holds a locked file for as long as its process lives.

The lock dies with the process, whatever kills it, and a process id that is used again or a clock that jumps fools
nobody.
"""

import fcntl
import os
import secrets
import socket
from pathlib import Path

import platformdirs
from sqlalchemy import make_url


def folder_of(store_url: str) -> Path:
    """Where the queues of a store keep their files: beside a SQLite file, else in the user's data folder."""
    if store_url.startswith("sqlite:///"):
        path = Path(make_url(store_url).database or "")
        return path.with_name(f"{path.name}.queues")
    return Path(platformdirs.user_data_dir("lstm-explorer", appauthor=False)) / "queues"


class Presence:
    """The sign that a queue is alive.

    Parameters
    ----------
    store_url : str
        Queues of the same store see each other.

    Attributes
    ----------
    name : unique name of the queue: host, process id and a random part
    """

    def __init__(self, store_url: str) -> None:
        self._folder = folder_of(store_url)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._host = socket.gethostname()
        self._shared = not store_url.startswith("sqlite:///")
        self.name = f"{self._host}:{os.getpid()}:{secrets.token_hex(4)}"
        self._file = self._path(self.name).open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def is_dead(self, name: str) -> bool:
        """Whether the process behind a queue's name is gone. Queues on other machines count as alive."""
        if name == self.name:
            return False
        if self._shared and name.partition(":")[0] != self._host:
            return False
        try:
            with self._path(name).open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        self._path(name).unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Stop being alive."""
        self._path(self.name).unlink(missing_ok=True)
        self._file.close()

    def _path(self, name: str) -> Path:
        return self._folder / name.replace("/", "_").replace(":", "-")
