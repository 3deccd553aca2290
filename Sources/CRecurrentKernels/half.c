#include "half.h"

#include <string.h>

static uint16_t to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint32_t sign = (bits >> 16) & 0x8000, size = bits & 0x7fffffff;
  if (size >= 0x7f800000) return (uint16_t)(sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00));
  if (size >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
  if (size < 0x38800000) {
    // Denormal halves: adding 0.5 leaves the rounded multiple of 2^-24 in the low bits of the sum.
    float magnitude, sum;
    memcpy(&magnitude, &size, sizeof magnitude);
    sum = magnitude + 0.5f;
    memcpy(&bits, &sum, sizeof bits);
    return (uint16_t)(sign | (bits - 0x3f000000));
  }
  uint32_t odd = (size >> 13) & 1;
  return (uint16_t)(sign | ((size - 0x38000000 + 0xfff + odd) >> 13));
}

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

void rk_to_half(size_t n, const float *x, uint16_t *y) {
  for (size_t i = 0; i < n; i++) y[i] = to_half(x[i]);
}

void rk_from_half(size_t n, const void *x, float *y) {
  for (size_t i = 0; i < n; i++) {
    uint16_t half;
    memcpy(&half, (const char *)x + i * sizeof half, sizeof half);
    y[i] = from_half(half);
  }
}
