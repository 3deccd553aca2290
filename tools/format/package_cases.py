"""Packages that readers may not take, and some that they must, each with the exit code that the format gives."""

import gzip
import hashlib
import io
import json
import random
import struct
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import LIMITS
from manifest_cases import PACKAGE_CASES, Literal, changed

Files = dict[str, bytes]
SOUND, MALFORMED, UNSUPPORTED = 0, 76, 78
BLOCK = 512


@dataclass(frozen=True)
class Case:
    """A package file, with what is wrong with it."""

    what: str
    data: bytes
    code: int = MALFORMED


def cases(examples: Path) -> Iterator[Case]:
    """All cases, made of packages of `make-examples`."""
    yield from _damaged((examples / "lstm-int8.rnnpkg").read_bytes())
    for name, path, value, code in PACKAGE_CASES:
        files = unpacked((examples / f"{name}.rnnpkg").read_bytes())
        yield Case(f"{name}: {path} = {value!r}", packed(_with_manifest(files, path, value)), code)
    files = unpacked((examples / "lstm.rnnpkg").read_bytes())
    for what, content in _vocabularies(files["vocabulary.txt"]):
        yield Case(what, packed(_with(files, "vocabulary.txt", content)))
    for what, content in _checks(files["checks.jsonl"]):
        yield Case(what, packed(_with(files, "checks.jsonl", content)))
    for what, content in _tensor_files(files["weights.safetensors"]):
        yield Case(what, packed(_with(files, "weights.safetensors", content)))
    yield from _archives(files)


def unpacked(data: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def packed(files: Files, level: int = 1) -> bytes:
    return gzip.compress(_tar([(_header(name, content), content) for name, content in files.items()]), level)


def _tar(entries: list[tuple[bytes, bytes]], end: int = 2) -> bytes:
    return b"".join(header + content + bytes(-len(content) % BLOCK) for header, content in entries) + bytes(end * BLOCK)


def _header(name: str, content: bytes, kind: bytes = tarfile.REGTYPE, mode: int = 0o644) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.mode = len(content), kind, mode
    entry.linkname = "manifest.json" if kind in (tarfile.LNKTYPE, tarfile.SYMTYPE) else ""
    return entry.tobuf(tarfile.USTAR_FORMAT)


def _with(files: Files, name: str, content: bytes) -> Files:
    """The files with another content of one of them, or with one more, which the manifest lists."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return _in_order(files | {"manifest.json": json.dumps(manifest).encode(), name: content})


def _in_order(files: Files) -> Files:
    return {name: files[name] for name in LIMITS if name in files}


def _with_manifest(files: Files, path: str, value: Any) -> Files:
    stand_in = "stands for a literal"
    manifest = changed(json.loads(files["manifest.json"]), path, stand_in if isinstance(value, Literal) else value)
    text = json.dumps(manifest)
    if isinstance(value, Literal):
        text = text.replace(json.dumps(stand_in), value.text)
    return files | {"manifest.json": text.encode()}


def _damaged(data: bytes) -> Iterator[Case]:
    """Cut off, added to, or changed anywhere."""
    yield Case("a byte behind the end", data + b"\0")
    for length in range(0, len(data), max(1, len(data) // 20)):
        yield Case(f"cut after {length} bytes", data[:length])
    content = gzip.decompress(data)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        entries = list(archive)
    for entry in entries:
        places = range(entry.offset, entry.offset_data, 61)
        if entry.name != "manifest.json":
            # The manifest has no digest but the package's id, and padding none at all.
            places = [*places, *range(entry.offset_data, entry.offset_data + entry.size, 1 + entry.size // 10)]
        for place in places:
            flipped = bytearray(content)
            flipped[place] ^= 1
            yield Case(f"bit 0 of byte {place - entry.offset} of {entry.name}", gzip.compress(bytes(flipped), 1))
    files = unpacked(data)
    yield Case("files in another order", packed(dict(reversed(files.items()))))
    yield Case("an unknown file", packed(files | {"run.sh": b""}))
    yield Case("an unlisted file", packed(_in_order(files | {"LICENSE": b"any"})))
    yield Case("a missing file", packed({name: files[name] for name in files if name != "weights.safetensors"}))


def _archives(files: Files) -> Iterator[Case]:
    entries = {name: (_header(name, content), content) for name, content in files.items()}

    def archive(what: str, header: bytes, content: bytes = files["README.md"]) -> Case:
        return Case(what, gzip.compress(_tar([*(entries | {"README.md": (header, content)}).values()]), 1))

    yield Case("a file twice", gzip.compress(_tar([entries["manifest.json"], *entries.values()]), 1))
    for kind in (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
        yield archive(f"a file of the type {kind!r}", _header("README.md", files["README.md"], kind))
    for mode in (0o4644, 0o2644, 0o1644):
        yield archive(f"a file of the mode {mode:o}", _header("README.md", files["README.md"], mode=mode))
    yield archive("a file with a hole", _sparse("README.md", files["README.md"]))
    entry = tarfile.TarInfo("README.md")
    entry.size = len(files["README.md"])
    entry.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "5"}
    yield archive("a file that an extended header calls sparse", entry.tobuf(tarfile.PAX_FORMAT))
    zeros = _with(files, "weights.safetensors", _ending_with_zeros(files["weights.safetensors"]))
    last = [(_header(name, content), content) for name, content in zeros.items()]
    for end in (0, 1):
        yield Case(f"zeros of the content, and {end} blocks of zeros behind it", gzip.compress(_tar(last, end), 1))
    # A case, then spaces up to the longest line: six of them inflate to 24 MiB.
    line = files["checks.jsonl"].split(b"\n")[0].ljust(4 << 20) + b"\n"
    wide = _with(files, "checks.jsonl", line * 6)
    yield Case("more than 16 MiB, and 100 bytes for each byte of the file", packed(wide, 9))
    yield Case("as much, stored", packed(wide, 0), SOUND)
    noise = _with(wide, "suites.json", random.Random(1).randbytes(200_000))
    yield Case("as much, with enough behind it that does not compress", packed(noise, 9), SOUND)


def _sparse(name: str, content: bytes) -> bytes:
    """The header of a GNU sparse file: a block that is not there, then `content`."""
    header = bytearray(_header(name, content, tarfile.GNUTYPE_SPARSE))
    header[257:265], header[329:345] = b"ustar  \0", bytes(16)
    header[386:410] = b"%011o\0%011o\0" % (BLOCK, len(content))
    header[483:495] = b"%011o\0" % (BLOCK + len(content))
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def _vocabularies(content: bytes) -> Iterator[tuple[str, bytes]]:
    *lines, last = content.removesuffix(b"\n").split(b"\n")
    for what, token in (("a tab", b"a\tb"), ("a carriage return", b"a\rb"), ("a NUL", b"a\0b"), ("an escape", b"a\\x")):
        yield f"a token with {what}", b"\n".join([*lines, token, b""])
    yield "a token twice", b"\n".join([*lines, lines[-1], b""])


def _checks(content: bytes) -> Iterator[tuple[str, bytes]]:
    line = content.split(b"\n")[0]
    case = json.loads(line)
    yield "an id that is -0", line.replace(b'"ids":[', b'"ids":[-0,') + b"\n"
    yield "a line of more than 4 MiB", line.ljust((4 << 20) + 1) + b"\n"
    for logit in (1e39, -(2.0**128 - 2.0**103)):
        yield f"a logit of {logit}", json.dumps(case | {"logits": [logit, 0.5]}).encode() + b"\n"


def _tensor_files(content: bytes) -> Iterator[tuple[str, bytes]]:
    length = struct.unpack_from("<Q", content)[0]
    header, data = content[8 : 8 + length].decode().rstrip(), content[8 + length :]
    name, entry = next(item for item in json.loads(header).items() if item[0] != "__metadata__")
    body = header.removeprefix("{")

    def file(text: str) -> bytes:
        return struct.pack("<Q", len(text)) + text.encode() + data

    yield "a tensor header that starts with a space", file(" " + header)
    yield "a tensor twice", file(f"{{{json.dumps(name)}:{json.dumps(entry)},{body}")
    yield "a tensor twice, once as an escape", file(f'{{"\\u{ord(name[0]):04x}{name[1:]}":{json.dumps(entry)},{body}')
    yield "a tensor with a key of its own", file(json.dumps(json.loads(header) | {name: entry | {"x-mine": 1}}))
    yield "metadata that are null", file('{"__metadata__":null,' + body)
    yield "metadata with a key twice", file('{"__metadata__":{"a":"b","a":"c"},' + body)
    yield "a tensor header of more than 8 MiB", file(header.ljust((8 << 20) + 1))


def _ending_with_zeros(content: bytes) -> bytes:
    """The tensors with the embedding as the last, all zeros."""
    length = struct.unpack_from("<Q", content)[0]
    header = json.loads(content[8 : 8 + length])
    entries = sorted(
        (item for item in header.items() if item[0] != "__metadata__"),
        key=lambda item: (item[0] == "embedding.weight", item[1]["data_offsets"]),
    )
    data, place = b"", 8 + length
    for name, entry in entries:
        begin, end = entry["data_offsets"]
        header[name] = entry | {"data_offsets": [len(data), len(data) + end - begin]}
        data += bytes(end - begin) if name == "embedding.weight" else content[place + begin : place + end]
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
