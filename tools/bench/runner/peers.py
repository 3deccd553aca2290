"""The systems to compare with: which are installed, and how they are started."""

import os
import pathlib
from collections.abc import Callable

from runner.case import Contestant, Sample, reported, timed
from runner.shapes import Shape

NAMES = ("torch", "onnxruntime", "openvino", "keras", "fasttext")
_SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "peers"
# The virtual environment of each; fastText is a program.
_ENVIRONMENTS = {"torch": "torch", "onnxruntime": "onnx", "openvino": "onnx", "keras": "keras"}
# glibc told to keep freed memory: PyTorch's LSTM training becomes up to twice as fast.
_KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "10000000000",
    "MALLOC_TRIM_THRESHOLD_": "10000000000",
    "MALLOC_TOP_PAD_": "500000000",
}
# No search for other devices and no log lines while time is taken.
_QUIET = {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}


class Peers:
    """The peers that are asked for and installed under `directory`, where tools/bench/peers/setup puts them."""

    def __init__(self, directory: pathlib.Path, names, note: Callable[[str], None]):
        self._directory = directory
        self._names = set()
        for name in names:
            if self._is_installed(name):
                self._names.add(name)
            elif os.access(self._program(name), os.X_OK):
                note(f"skipped: {name}: installed for other requirements, or not to the end; run tools/bench/peers/setup again")
            else:
                note(f"skipped: {name}: not installed ({self._program(name)}); tools/bench/peers/setup installs it")

    def __contains__(self, name: str) -> bool:
        return name in self._names

    @property
    def fasttext(self) -> pathlib.Path:
        return self._program("fasttext")

    def training(self, shape: Shape, threads: int, seconds: float) -> list[Contestant]:
        found = self._torch("train", shape, threads, seconds)
        if "keras" in self:
            found.append(self._layer("keras", "", "train", shape, threads, seconds))
        return found

    def inference(self, shape: Shape, threads: int, seconds: float) -> list[Contestant]:
        found = self._torch("infer", shape, threads, seconds)
        if "onnxruntime" in self:
            found.append(self._layer("onnxruntime", "", "infer", shape, threads, seconds))
        if "openvino" in self:
            for precision, variant in (("f32", ""), ("bf16", "bf16")):
                found.append(
                    self._layer("openvino", variant, "infer", shape, threads, seconds, ["--precision", precision]))
        return found

    def epoch(self, train: pathlib.Path, threads: int, batches: int) -> list[Contestant]:
        if "torch" not in self:
            return []
        script = [train, "--threads", threads, "--max-batches", batches]
        environment = self._settings(threads)
        return [
            Contestant("torch", "", reported(self.command("torch", "torch_epoch.py", *script), environment)),
            Contestant("torch", "tuned, sorted", reported(
                self.command("torch", "torch_epoch.py", *script, "--sorted"), {**environment, **_KEEP_MEMORY})),
        ]

    def sentence(self, name: str, model: pathlib.Path, text: str, processes: int) -> Callable[[], Sample]:
        """Whole processes that load `model` and answer once."""
        return timed(
            self.command(name, f"cold/{name}_sentence.py", model), self._settings(1), text, processes)

    def command(self, name: str, script: str, *arguments) -> list:
        return [self._program(name), _SCRIPTS / script, *arguments]

    def _torch(self, mode, shape, threads, seconds):
        if "torch" not in self:
            return []
        found = [self._layer("torch", "", mode, shape, threads, seconds)]
        # A single text needs too little memory for it to matter.
        if shape.batch > 1:
            found.append(self._layer("torch", "tuned", mode, shape, threads, seconds, environment=_KEEP_MEMORY))
        return found

    def _layer(self, name, variant, mode, shape, threads, seconds, options=(), environment=None):
        command = self.command(
            name, f"{name}_rnn.py", mode, *shape.arguments(), "--batch", shape.batch, "--threads", threads,
            "--seconds", seconds, *options)
        return Contestant(name, variant, reported(command, {**self._settings(threads), **(environment or {})}))

    def _settings(self, threads):
        return {**_QUIET, "OMP_NUM_THREADS": str(threads)}

    def _is_installed(self, name) -> bool:
        """Whether the program is there, and setup came to its end with the packages that it needs now."""
        if not os.access(self._program(name), os.X_OK):
            return False
        if name == "fasttext":
            return True
        environment = _ENVIRONMENTS[name]
        mark = self._directory / environment / "requirements.txt"
        return mark.is_file() and mark.read_bytes() == (_SCRIPTS / f"requirements-{environment}.txt").read_bytes()

    def _program(self, name):
        if name == "fasttext":
            return self._directory / "fasttext"
        return self._directory / _ENVIRONMENTS[name] / "bin" / "python"
