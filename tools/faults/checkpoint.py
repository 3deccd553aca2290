"""Checkpoints as files: whether one is whole, without the programs that wrote it."""

import json
import struct


def fault(data: bytes) -> str | None:
    """What is torn about a checkpoint, or nothing."""
    if len(data) < 8:
        return f"{len(data)} bytes"
    (length,) = struct.unpack("<Q", data[:8])
    if length > len(data) - 8:
        return "cut within its header"
    try:
        header = json.loads(data[8:8 + length])
        metadata = header.pop("__metadata__")
        end = max(tensor["data_offsets"][1] for tensor in header.values())
    except (ValueError, KeyError, TypeError) as error:
        return f"a header that is none: {error}"
    if not metadata["format"].startswith("recurrent-checkpoint/"):
        return f"format {metadata['format']}"
    if 8 + length + end != len(data):
        return f"{len(data)} bytes, where its header says {8 + length + end}"
    return None
