"""Recurrent's own programs: building, checking, and the command lines of `recurrent-bench`."""

import pathlib
import platform
import subprocess
import sys

from runner.process import run

ROOT = pathlib.Path(__file__).resolve().parents[3]
MODEL = ROOT / "zoo" / "sentiment-small.rnnpkg"
_RELEASE = ROOT / ".build" / "release"
CLASSIFY = _RELEASE / "classify"
RNNPKG = _RELEASE / "rnnpkg"
BENCH = _RELEASE / "recurrent-bench"


def build():
    """Builds what is measured, as users do: release, with the static standard library on Linux."""
    requirements = '. tools/requirements.sh; require_swift tools/bench/run; require_headers tools/bench/run'
    if subprocess.run(["bash", "-c", requirements], cwd=ROOT).returncode != 0:
        sys.exit(69)
    options = ["--static-swift-stdlib"] if platform.system() == "Linux" else []
    for program in (CLASSIFY, RNNPKG, BENCH):
        command = ["swift", "build", "--configuration", "release", *options, "--product", program.name]
        result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if result.returncode != 0:
            sys.exit(f"{result.stdout}\ntools/bench/run: the build of {program.name} failed")


def check():
    """No figure without correct answers: the zoo's golden cases, and the kernels against the generic ones."""
    run([RNNPKG, "verify", MODEL])
    run([BENCH, "check"])


def peak_gflops(threads: int) -> float:
    """The fp32 multiply-add peak of the machine, now."""
    return run([BENCH, "peak", "--threads", threads]).report()["gflops"]
