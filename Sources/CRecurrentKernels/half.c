#include "half.h"

#include <string.h>

static float from_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, size = half & 0x7fff, bits;
  if (size >= 0x7c00) {
    bits = sign | 0x7f800000 | (size & 0x3ff) << 13;
  } else {
    // Shifted into place the exponent is 112 too small; the product also turns denormals into normal numbers.
    float value;
    bits = size << 13;
    memcpy(&value, &bits, sizeof value);
    value *= 0x1p112f;
    memcpy(&bits, &value, sizeof bits);
    bits |= sign;
  }
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

void rk_from_half(size_t n, const void *x, float *y) {
  for (size_t i = 0; i < n; i++) {
    uint16_t half;
    memcpy(&half, (const char *)x + i * sizeof half, sizeof half);
    y[i] = from_half(half);
  }
}
