"""The files of a package: gzip, tar, order, sizes and digests. Everything goes into memory; no name becomes a path."""

import hashlib
import io
import tarfile
import zlib
from pathlib import Path
from typing import Any, Self

import manifest as manifests
from errors import Malformed, Unreadable

MIB = 1 << 20
FILE_LIMIT = 512 * MIB
TOTAL_LIMIT = 1024 * MIB
OVERHEAD_LIMIT = MIB
# What a file may inflate to: so much, and so many bytes for each of its own.
FREE = 16 * MIB
RATIO = 100
BLOCK = 512
# In the order of the archive, each with the most bytes it may have.
LIMITS = {
    "manifest.json": MIB,
    "manifest.sig": 4 << 10,
    "README.md": MIB,
    "LICENSE": MIB,
    "vocabulary.txt": 64 * MIB,
    "tokenizer.json": 64 * MIB,
    "checks.jsonl": 64 * MIB,
    "suites.json": 16 * MIB,
    "weights.safetensors": 512 * MIB,
}
REQUIRED = ("manifest.json", "vocabulary.txt", "weights.safetensors")
UNLISTED = ("manifest.json", "manifest.sig")


def read(path: Path) -> tuple[dict[str, Any], dict[str, bytes], str]:
    """The manifest, the files by name, and the package's id."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise Malformed(f"more than {FILE_LIMIT} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror) from error
    files = _untar(_gunzip(data))
    manifest = manifests.parse(files["manifest.json"])
    _check_table(manifest, files)
    for name in ("README.md", "LICENSE"):
        try:
            files.get(name, b"").decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(f"{name}: {error}") from error
    return manifest, files, hashlib.sha256(files["manifest.json"]).hexdigest()


def _gunzip(data: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=15 + 16)
    limit = min(TOTAL_LIMIT + OVERHEAD_LIMIT, FREE + RATIO * len(data))
    try:
        content = inflater.decompress(data, limit + 1)
    except zlib.error as error:
        raise Malformed(f"gzip: {error}") from error
    if len(content) > limit:
        raise Malformed(f"inflates to more than {limit} bytes")
    if not inflater.eof or inflater.unused_data:
        raise Malformed("the gzip member is cut off" if not inflater.eof else "bytes follow the gzip member")
    return content


class _Entry(tarfile.TarInfo):
    """Refused by its header where it is no plain file, before `tarfile` acts on it; extended headers are none either."""

    @classmethod
    def frombuf(cls, buf: bytes, encoding: str, errors: str) -> Self:
        entry = super().frombuf(buf, encoding, errors)
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.mode & 0o7000:
            raise Malformed(f"{entry.name!r} is no plain file")
        return entry


def _untar(content: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    order = list(LIMITS)
    last, end = -1, 0
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:", tarinfo=_Entry) as archive:
            for entry in archive:
                if entry.name not in LIMITS or not 0 <= entry.size <= LIMITS[entry.name]:
                    raise Malformed(f"{entry.name!r} of {entry.size} bytes is not allowed")
                if order.index(entry.name) <= last:
                    raise Malformed(f"{entry.name} stands twice or too late")
                last = order.index(entry.name)
                files[entry.name] = content[entry.offset_data : entry.offset_data + entry.size]
                if len(files[entry.name]) != entry.size:
                    raise Malformed(f"{entry.name} is cut off")
                end = entry.offset_data + -(-entry.size // BLOCK) * BLOCK
    except tarfile.TarError as error:
        raise Malformed(f"tar: {error}") from error
    rest = content[end:]
    if len(rest) < 2 * BLOCK or len(content) % BLOCK or rest.strip(b"\0"):
        raise Malformed("the archive does not end with zeros, two blocks or more")
    if len(content) - sum(map(len, files.values())) > OVERHEAD_LIMIT:
        raise Malformed("too much around the files")
    for name in REQUIRED:
        if name not in files:
            raise Malformed(f"{name} is missing")
    return files


def _check_table(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    table = manifest["files"]
    listed = [name for name in files if name not in UNLISTED]
    if sorted(table) != sorted(listed):
        raise Malformed(f"the manifest lists {sorted(table)}, the archive holds {sorted(listed)}")
    for name in listed:
        found = {"sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
        for key, value in found.items():
            if table[name][key] != value:
                raise Malformed(f"{name}: {key} is {value}, the manifest says {table[name][key]}")
