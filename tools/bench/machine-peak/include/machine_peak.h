// What one core can do at most: the denominator of every share of the peak.
#ifndef MACHINE_PEAK_H
#define MACHINE_PEAK_H

#include <stdint.h>

/// Runs `iterations` rounds of independent fp32 multiply-adds of the widest vectors that this CPU has.
/// @return floating-point operations done; 0 where the CPU has no vectors that this file knows.
double machine_peak_fma(int64_t iterations);

#endif
