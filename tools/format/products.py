"""Products of rows with weights, in the two kinds of arithmetic that packages ask for."""

from dataclasses import dataclass

import numpy as np

from errors import Unsupported

# The most numbers in a row of integers.
WIDTH_LIMIT = 65_536
TINY = np.finfo(np.float32).tiny


class FloatProduct:
    """start + x Wᵀ."""

    def __init__(self, weight: np.ndarray, number: type[np.floating]) -> None:
        self.weight = weight.astype(number)

    def __call__(self, x: np.ndarray, start: np.ndarray) -> np.ndarray:
        return start + x @ self.weight.T


class IntegerProduct:
    """start + x Wᵀ with both factors as 8-bit integers, a scale for each row; sums of integers are exact."""

    def __init__(self, weight: np.ndarray) -> None:
        if weight.shape[1] > WIDTH_LIMIT:
            raise Unsupported(f"products of rows of {weight.shape[1]} integers; this reader has them up to {WIDTH_LIMIT}")
        scales = np.abs(weight).max(axis=1) / np.float32(127)
        self.scales = _rounded(np.where(scales >= TINY, scales, np.float32(0)))
        divisors = np.where(self.scales > 0, self.scales, np.float32(1))
        self.weight = np.where(
            self.scales[:, np.newaxis] > 0, np.rint(weight / divisors[:, np.newaxis]), 0
        ).astype(np.int64)

    def __call__(self, x: np.ndarray, start: np.ndarray) -> np.ndarray:
        largest = np.abs(x).max(axis=-1, keepdims=True)
        scales = largest / np.float32(127)
        counts = scales >= TINY
        factors = np.float32(127) / np.where(counts, largest, np.float32(1))
        integers = np.where(counts, np.rint(x * factors), 0).astype(np.int64)
        sums = (integers @ self.weight.T).astype(np.float32)
        left = np.where(counts, scales, np.float32(0)) * sums
        # A fused multiply-add rounds once.
        return (left.astype(np.float64) * self.scales + start).astype(np.float32)


def _rounded(scales: np.ndarray) -> np.ndarray:
    """To 17 significant bits, half to even."""
    fraction, exponent = np.frexp(scales)
    return np.ldexp(np.rint(fraction * np.float32(1 << 17)), exponent - 17).astype(np.float32)


@dataclass(frozen=True)
class Arithmetic:
    """What numbers are while a network runs."""

    is_quantized: bool

    @property
    def number(self) -> type[np.floating]:
        """Integer products start from 32-bit states, so these must be 32-bit too; otherwise more bits cost nothing."""
        return np.float32 if self.is_quantized else np.float64

    def product(self, weight: np.ndarray) -> FloatProduct | IntegerProduct:
        return IntegerProduct(weight) if self.is_quantized else self.float_product(weight)

    def float_product(self, weight: np.ndarray) -> FloatProduct:
        return FloatProduct(weight, self.number)
