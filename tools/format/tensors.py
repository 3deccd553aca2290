"""`weights.safetensors`: the numbers of each tensor, 8-bit integers widened by their scales."""

from dataclasses import dataclass

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from errors import Malformed

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
    try:
        arrays = safetensors.numpy.load(data)
    except (SafetensorError, KeyError) as error:
        raise Malformed(f"weights.safetensors: {error}") from error
    tensors: dict[str, Tensor] = {}
    for name, array in arrays.items():
        owner = arrays.get(name.removesuffix(".scale"))
        if name.endswith(".scale") and owner is not None and owner.dtype == np.int8:
            continue
        dtype = NAMES.get(array.dtype.name)
        if dtype is None or array.size == 0 or not np.isfinite(array).all():
            raise Malformed(f"tensor {name!r}: {array.dtype} of {array.shape}, or a number that is not finite")
        scales = _scales(name, array, arrays) if dtype == "i8" else None
        tensors[name] = Tensor(dtype, array, scales)
    return tensors


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
