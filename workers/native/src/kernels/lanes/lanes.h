// Sixteen channels of one pixel as one vector of floats, whatever the CPU: the compiler splits it where registers are shorter.
// The functions over it are in lanes.inc, which is compiled once a CPU level (cpu_levels.h).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bf16.h"

#define NORMLAB_INLINE static inline __attribute__((always_inline))

namespace normlab {

constexpr int kLanes = 16;

using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using LaneBits = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using LaneWords = uint32_t __attribute__((vector_size(kLanes * sizeof(uint32_t))));
using LaneHalves = uint16_t __attribute__((vector_size(kLanes * sizeof(uint16_t))));

}  // namespace normlab
