// The number of adjacent channels of one pixel in the vector type of every loop over channels, on all CPUs, and the
// macros for inlining. The type Lanes and its functions are in lanes.inc, which is compiled once per CPU level
// (cpu_levels.h).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bf16.h"
#include "base/cpu_cap.h"
#if NORMLAB_ARM64
#include <arm_neon.h>
#endif

// A loop is compiled for the CPU of a NORMLAB_MULTIVERSION function or of a level only if it is inlined into code for
// that CPU. NORMLAB_INLINE precedes a function, NORMLAB_INLINE_LAMBDA follows the parameters of a lambda.
#if defined(__GNUC__)
#define NORMLAB_INLINE_LAMBDA __attribute__((always_inline))
#else
#define NORMLAB_INLINE_LAMBDA
#endif
#define NORMLAB_INLINE inline NORMLAB_INLINE_LAMBDA

// Whether this compiler has vectors; without them no loops over Lanes are planned.
#if defined(__GNUC__)
#define NORMLAB_VECTORS 1
#else
#define NORMLAB_VECTORS 0
#endif

namespace normlab {

constexpr int kLanes = 16;

}  // namespace normlab
