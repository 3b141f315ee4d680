// Sixteen channels of one pixel side by side: what every loop over channels is written in, whatever the CPU, and how it
// is inlined. The functions over Lanes are in lanes.inc, which is compiled once a CPU level (cpu_levels.h).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bf16.h"

// A loop is compiled for the CPU of a NORMLAB_MULTIVERSION function or of a level only where it is inlined into code of
// that CPU: NORMLAB_INLINE before a function, NORMLAB_INLINE_LAMBDA behind the parameters of a lambda.
#if defined(__GNUC__)
#define NORMLAB_INLINE_LAMBDA __attribute__((always_inline))
#else
#define NORMLAB_INLINE_LAMBDA
#endif
#define NORMLAB_INLINE inline NORMLAB_INLINE_LAMBDA

// Whether this compiler has vectors; without them nothing is planned with loops over Lanes.
#if defined(__GNUC__)
#define NORMLAB_VECTORS 1
#else
#define NORMLAB_VECTORS 0
#endif

namespace normlab {

constexpr int kLanes = 16;

#if NORMLAB_VECTORS
// One vector of floats; the compiler splits it where registers are shorter.
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using LaneBits = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using LaneWords = uint32_t __attribute__((vector_size(kLanes * sizeof(uint32_t))));
using LaneHalves = uint16_t __attribute__((vector_size(kLanes * sizeof(uint16_t))));
#endif

}  // namespace normlab
