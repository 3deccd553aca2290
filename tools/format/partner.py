"""The linear classifier on n-grams that a package may have beside its network."""

from typing import Any

import numpy as np

from errors import Malformed
from tensors import Tensor

MASK = (1 << 64) - 1


class Partner:
    def __init__(self, manifest: dict[str, Any], tensors: dict[str, Tensor]) -> None:
        partner = manifest["model"]["partner"]
        self.orders: int = partner["orders"]
        self.stack: dict[str, Any] = partner["stack"]
        self.labels = len(manifest["task"]["labels"])
        features, rows = partner["features"], 1 if self.labels == 2 else self.labels
        self.bucket_bits = 0
        while features > 8 << self.bucket_bits:
            self.bucket_bits += 1
        shapes = {
            "buckets": ("u8", ((1 << self.bucket_bits) + 1, 4)),
            "fingerprints": ("u8", (features, 2)),
            "weights": ("i8", (rows, features)),
            "bias": ("f32", (rows,)),
        }
        for name, (dtype, shape) in shapes.items():
            tensor = tensors.get(f"partner.{name}")
            if tensor is None or (tensor.dtype, tensor.stored.shape) != (dtype, shape):
                raise Malformed(f"tensor 'partner.{name}' is missing, or not {dtype} {shape}")
        self.names = {f"partner.{name}" for name in shapes}
        self.starts = np.ascontiguousarray(tensors["partner.buckets"].stored).view("<u4")[:, 0].astype(np.int64)
        self.fingerprints = np.ascontiguousarray(tensors["partner.fingerprints"].stored).view("<u2")[:, 0]
        weights = tensors["partner.weights"]
        integers = weights.stored.astype(np.int64)
        self.squares = integers * np.abs(integers)
        self.scales = weights.scales.astype(np.float64) ** 2
        self.bias = tensors["partner.bias"].stored.astype(np.float64)
        self._check(features)

    def combined(self, network: np.ndarray, tokens: list[bytes], ids: int) -> np.ndarray:
        """The stack's logits of a text whose tokens' normal forms are `tokens`, of which the network read `ids` ids."""
        found = sorted({feature for key in self._keys(tokens) if (feature := self._feature(key)) is not None})
        sums = self.bias + self.scales * self.squares[:, found].sum(axis=1)
        sums = sums.astype(np.float32).astype(np.float64)
        own = np.array([-sums[0] / 2, sums[0] / 2]) if self.labels == 2 else sums
        length = np.log(ids)
        a, b = (
            max(self.stack[key] + (self.stack.get(f"{key}ByLength") or 0) * length, 0.0) for key in ("network", "partner")
        )
        if ids < (self.stack.get("partnerMinLength") or 0):
            return a * network
        return a * network + b * own + np.array(self.stack["bias"])

    def _keys(self, tokens: list[bytes]) -> list[int]:
        hashes = [_hash(token) for token in tokens]
        keys = []
        for start, chain in enumerate(hashes):
            keys.append(_mix(chain))
            for follower in hashes[start + 1 : start + self.orders]:
                rotated = (chain << 27 | chain >> 37) & MASK
                chain = (rotated ^ follower) * 0x9E3779B97F4A7C15 & MASK
                keys.append(_mix(chain))
        return keys

    def _feature(self, key: int) -> int | None:
        bucket = key >> (64 - self.bucket_bits)
        fingerprint = (key << self.bucket_bits & MASK) >> 48
        start, end = self.starts[bucket], self.starts[bucket + 1]
        place = start + int(np.searchsorted(self.fingerprints[start:end], np.uint16(fingerprint)))
        return int(place) if place < end and self.fingerprints[place] == fingerprint else None

    def _check(self, features: int) -> None:
        steps = np.diff(self.starts)
        if self.starts[0] != 0 or self.starts[-1] != features or (steps < 0).any():
            raise Malformed("partner.buckets do not ascend from 0 to the number of features")
        falls = np.diff(self.fingerprints.astype(np.int64)) <= 0
        falls[self.starts[(self.starts > 0) & (self.starts < features)] - 1] = False
        if falls.any():
            raise Malformed("partner.fingerprints do not ascend within a bucket")


def _hash(token: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in token:
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def _mix(z: int) -> int:
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31
