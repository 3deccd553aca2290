"""A module for each test: `cases(context)` gives its cases one by one."""

from runner.suites import bulk, cold, epoch, infer, latency, load, train

SUITES = {
    "train": train, "infer": infer, "latency": latency, "cold": cold, "load": load, "bulk": bulk, "epoch": epoch,
}
