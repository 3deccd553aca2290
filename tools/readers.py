"""The list of readers in readers.txt."""

from pathlib import Path


def readers(root: Path) -> list[str]:
    """Paths of the readers, from the top of the tree and in order."""
    found: set[Path] = set()
    for line in (root / "tools/readers.txt").read_text().splitlines():
        pattern = line.split("#")[0].strip()
        if pattern.startswith("!"):
            found -= set(root.glob(pattern[1:]))
        elif pattern:
            found |= set(root.glob(pattern))
    return sorted(str(path.relative_to(root)) for path in found)
