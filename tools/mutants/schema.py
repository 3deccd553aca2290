"""A copy of the package with all mutants in it, each chosen at run time: one build serves them all."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from candidates import Mutant

# Variables of the environment: the number of the mutant that a process runs with, and a file in which it marks those that it
# comes by.
CHOSEN, REACHED = "RECURRENT_MUTANT", "RECURRENT_MUTANTS_REACHED"

CHOICE = f"""\
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private let chosenMutant: Int = getenv("{CHOSEN}").flatMap {{ Int(String(cString: $0)) }} ?? 0

nonisolated(unsafe) private let reached: UnsafeMutablePointer<UInt8>? = getenv("{REACHED}").flatMap {{ path in
  let file = open(path, O_RDWR)
  let size = Int(lseek(file, 0, SEEK_END))
  return mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)?.assumingMemoryBound(to: UInt8.self)
}}

@inline(never) public func mutant(_ number: Int) -> Bool {{
  if let reached {{ reached[number] = 1 }}
  return chosenMutant == number
}}
"""

# Only what the readers' tests need is built: no programs, and not what the programs are made of.
MANIFEST_END = """
let programs: Set = ["classify", "rnnpkg", "recurrent-bench", "MachinePeak", "FuzzTargets", "FuzzReplayTests", "CommandTests"]
package.targets.removeAll { programs.contains($0.name) }
package.products = []
package.dependencies = []
"""


def write(root: Path, tree: Path, numbered: dict[int, Mutant]) -> None:
    """Makes `tree` a copy of the package at `root` with these mutants in it. Files that stay as they were are not touched."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "Package.swift", "Sources", "Tests"],
        cwd=root, check=True, capture_output=True, text=True)
    paths = [path for path in listed.stdout.split("\0") if path and (root / path).is_file()]
    contents = {path: (root / path).read_bytes() for path in paths}
    contents["Package.swift"] += MANIFEST_END.encode()
    for path in {mutant.path for mutant in numbered.values()}:
        lines = contents[path].decode().split("\n")
        for index in range(len(lines)):
            here = {number: mutant for number, mutant in numbered.items() if (mutant.path, mutant.line) == (path, index)}
            lines[index] = rewritten(lines[index], here)
        contents[path] = "\n".join(lines).encode()
        contents["/".join(path.split("/")[:2]) + "/Mutant.swift"] = CHOICE.encode()

    for path, content in contents.items():
        target = tree / path
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    for folder in ("Sources", "Tests"):
        for target in (tree / folder).rglob("*"):
            if target.is_file() and str(target.relative_to(tree)) not in contents:
                target.unlink()


def rewritten(line: str, mutants: dict[int, Mutant]) -> str:
    """The line with a choice in each place that has mutants."""
    spans = sorted({(mutant.start, mutant.end) for mutant in mutants.values()}, reverse=True)
    for start, end in spans:
        here = [(number, mutant) for number, mutant in mutants.items() if mutant.start == start]
        line = line[:start] + choice(line[start:end], here) + line[end:]
    return line


def choice(original: str, mutants: Iterable[tuple[int, Mutant]]) -> str:
    text = original
    for number, mutant in mutants:
        if mutant.is_statement:
            text = f"if mutant({number}) {{ {mutant.text} }} else {{ {text} }}"
        else:
            text = f"(mutant({number}) ? {mutant.text} : {text})"
    return text
