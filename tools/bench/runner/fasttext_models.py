"""fastText models of the texts at hand: bigrams, 10 dimensions; a full one (`.bin`) and a quantised one (`.ftz`)."""

from runner.process import run


def trained(context) -> dict:
    """Trained once a run; by ending without the dot."""
    base = context.directory / "fasttext"
    models = {ending: base.with_suffix(f".{ending}") for ending in ("bin", "ftz")}
    newest = context.texts.labelled.stat().st_mtime
    if all(model.exists() and model.stat().st_mtime >= newest for model in models.values()):
        return models
    train = ["-input", context.texts.labelled, "-output", base, "-thread", context.threads[-1], "-verbose", 0]
    run([context.peers.fasttext, "supervised", *train, "-wordNgrams", 2, "-dim", 10, "-epoch", 5, "-lr", 0.5])
    run([context.peers.fasttext, "quantize", *train, "-qnorm", "-retrain", "-epoch", 1, "-cutoff", 100_000])
    return models
