// IEEE half precision in integer arithmetic: the same bits at every level.
#ifndef RECURRENT_HALF_H
#define RECURRENT_HALF_H

#include <stddef.h>
#include <stdint.h>

void rk_from_half(size_t n, const void *x, float *y);

#endif
