"""Those we are compared with: each in a process of its own, PyTorch and Darts in an environment of their own.

The environment lies under `build/`, which git ignores; it is made once from the package index that pip is set up for,
with the Python that runs the bench. On Linux pip may take the large build of PyTorch for graphics cards, unless it is
told where the one for processors lies; both work, and no graphics card is used.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / "build" / f"bench-{sys.version_info.major}.{sys.version_info.minor}"
REQUIREMENTS = ("torch==2.13.0", "darts[torch]==0.48.1", "captum==0.9.0")
INSTALL_LIMIT = 1800
NO_GPU = {"CUDA_VISIBLE_DEVICES": "", "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one training went; `first_loss` and `total` in seconds from the order to train, everything imported."""

    windows_per_second: float
    first_loss: float
    total: float
    loss: float


class Rival:
    """A process that trains when it is told to.

    Parameters
    ----------
    name, threads : for the table
    command : what to run from the top of the checkout
    one_thread : hold the libraries to one thread
    """

    def __init__(self, name: str, command: Sequence[str], *, one_thread: bool) -> None:
        self.name, self.one_thread = name, one_thread
        self.threads = "1" if one_thread else "default"
        self._command = command

    @contextmanager
    def running(self) -> Iterator["Rival"]:
        with tempfile.TemporaryFile("w+") as self._words:
            self._process = subprocess.Popen(
                # At the priority of a slot, so that other work on the machine slows all alike.
                ["nice", "-n", "19", *self._command],
                cwd=ROOT,
                env={**os.environ, **NO_GPU, **(ONE_THREAD if self.one_thread else {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._words,
                text=True,
            )
            try:
                self._read()
                yield self
            finally:
                self._process.kill()
                self._process.communicate()

    def fit(self, task: Mapping[str, object]) -> Answer:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return Answer(**self._read())

    def _read(self) -> dict[str, float]:
        """Next line that is an answer; libraries may print others."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        self._words.seek(0)
        raise RuntimeError(f"{self.name} has ended: {self._words.read()[-2000:]}")


def rivals() -> list[Rival]:
    """All there are here, each with its own number of threads and with one; a missing environment is said."""
    keras = [sys.executable, "-m", "tests.bench.plain_keras", "serve"]
    found = [Rival("plain Keras fit", keras, one_thread=one) for one in (False, True)]
    if python := foreign_python():
        for name, module in (("PyTorch nn.LSTM", "plain_torch"), ("Darts RNNModel", "plain_darts")):
            found += [
                Rival(name, [python, "-m", f"tests.bench.{module}", "1" if one else "0"], one_thread=one)
                for one in (False, True)
            ]
    return found


@contextmanager
def all_running() -> Iterator[list[Rival]]:
    with ExitStack() as stack:
        yield [stack.enter_context(rival.running()) for rival in rivals()]


def foreign_python() -> str | None:
    """Interpreter with PyTorch, Darts and Captum; None, and a message, when it cannot be had."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    made, wanted = ENVIRONMENT / "made-from.txt", "\n".join(REQUIREMENTS)
    if made.is_file() and made.read_text() == wanted:
        return str(python)
    print(f"Making {ENVIRONMENT.relative_to(ROOT)} with PyTorch, Darts and Captum, once.", file=sys.stderr)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS]
    for command in ([sys.executable, "-m", "venv", str(ENVIRONMENT)], pip):
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=INSTALL_LIMIT, check=False, cwd=ROOT
            )
            words = (done.stderr or done.stdout or "no reason given")[-400:] if done.returncode else ""
        except (OSError, subprocess.TimeoutExpired) as error:
            words = str(error)
        if words:
            print(f"PyTorch, Darts and Captum are left out: {words}", file=sys.stderr)
            return None
    made.write_text(wanted)
    return str(python)
