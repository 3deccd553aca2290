"""What the figures were taken on."""

import os
import platform
import re
import subprocess


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def description() -> str:
    """For example "AMD EPYC, family 26 model 2, 2 CPUs": the name alone does not always tell generations apart."""
    name = platform.processor() or platform.machine()
    if platform.system() == "Darwin":
        answer = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        name = answer.stdout.strip() or name
    else:
        fields = {}
        with open("/proc/cpuinfo") as file:
            for line in file:
                key, _, value = line.partition(":")
                fields.setdefault(key.strip(), value.strip())
        name = fields.get("model name", name)
        if "cpu family" in fields:
            name += f", family {fields['cpu family']} model {fields['model']}"
    return f"{name}, {processors()} CPUs"


def slug() -> str:
    """`description` as a file name."""
    return re.sub(r"[^a-z0-9]+", "-", description().lower()).strip("-")
