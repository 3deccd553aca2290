"""`weights.safetensors`: the numbers of each tensor, 8-bit integers widened by their scales."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

import strict_json
from errors import Malformed

HEADER_LIMIT = 8 << 20
DEPTH = 3
TENSOR_LIMIT = 4_096
DIMENSION_LIMIT = 8
NAME_LIMIT = 256
# Bytes of a number.
WIDTHS = {"F32": 4, "F16": 2, "I8": 1, "U8": 1}
NAMES = {"float32": "f32", "float16": "f16", "int8": "i8", "uint8": "u8"}


@dataclass(frozen=True)
class Tensor:
    """Numbers as stored, and for `i8` the scale of each row."""

    dtype: str
    stored: np.ndarray
    scales: np.ndarray | None = None

    @property
    def values(self) -> np.ndarray:
        """As 32-bit floats; every integer times its scale is exact in them."""
        wide = self.stored.astype(np.float32)
        return wide if self.scales is None else wide * self.scales[:, np.newaxis]


def parse(data: bytes) -> dict[str, Tensor]:
    """The tensors by name; scales belong to the tensors they scale."""
    _check_header(data)
    try:
        arrays = safetensors.numpy.load(data)
    except SafetensorError as error:
        raise Malformed(f"weights.safetensors: {error}") from error
    tensors: dict[str, Tensor] = {}
    for name, array in arrays.items():
        owner = arrays.get(name.removesuffix(".scale"))
        if name.endswith(".scale") and owner is not None and owner.dtype == np.int8:
            continue
        dtype = NAMES[array.dtype.name]
        if not np.isfinite(array).all():
            raise Malformed(f"tensor {name!r} has a number that is not finite")
        scales = _scales(name, array, arrays) if dtype == "i8" else None
        tensors[name] = Tensor(dtype, array, scales)
    return tensors


def _check_header(data: bytes) -> None:
    """What the library would take, and the format does not."""
    length = int.from_bytes(data[:8], "little")
    if not 2 <= length <= min(HEADER_LIMIT, len(data) - 8) or data[8:9] != b"{":
        raise Malformed(f"weights.safetensors: a header of {length} bytes, or one that is no object")
    header = strict_json.parse(data[8 : 8 + length], "header of weights.safetensors", depth=DEPTH, limit=HEADER_LIMIT)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise Malformed("weights.safetensors: __metadata__ may hold strings only")
    if len(header) > TENSOR_LIMIT:
        raise Malformed(f"weights.safetensors: {len(header)} tensors, more than {TENSOR_LIMIT}")
    for name, entry in header.items():
        if not 1 <= len(name.encode()) <= NAME_LIMIT or any(letter < " " or letter == "\x7f" for letter in name):
            raise Malformed(f"weights.safetensors: {name!r} is no name of a tensor")
        if not _is_entry(entry):
            raise Malformed(f"tensor {name!r} is not dtype, shape and data_offsets that agree, and nothing else")


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        return False
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in WIDTHS or not isinstance(shape, list) or not isinstance(offsets, list):
        return False
    if len(shape) > DIMENSION_LIMIT or len(offsets) != 2 or not all(type(number) is int for number in shape + offsets):
        return False
    return all(size >= 1 for size in shape) and 0 <= offsets[0] and offsets[1] - offsets[0] == WIDTHS[dtype] * math.prod(shape)


def _scales(name: str, array: np.ndarray, arrays: dict[str, np.ndarray]) -> np.ndarray:
    scales = arrays.get(f"{name}.scale")
    if scales is None or array.ndim != 2 or scales.dtype != np.float32 or scales.shape != array.shape[:1]:
        raise Malformed(f"tensor {name!r} has no row of scales")
    tiny, large = np.finfo(np.float32).tiny, np.finfo(np.float32).max / np.float32(127)
    bits = scales.view(np.uint32)
    sound = (bits == 0) | ((scales >= tiny) & (scales <= large) & (bits & 0x7F == 0))
    largest = np.abs(array.astype(np.int16)).max(axis=1)
    if not sound.all() or not (largest == np.where(bits == 0, 0, 127)).all():
        raise Malformed(f"tensor {name!r}: a row's scale, or its largest integer, is not what rounding gives")
    return scales
