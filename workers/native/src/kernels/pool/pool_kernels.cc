#include "pool_kernels.h"

#include "cpu_levels.h"

#if NORMLAB_OWN_NORM
#include "lanes.h"
#endif
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#define NORMLAB_KERNELS "pool_kernels.inc"
#define NORMLAB_TABLE PoolKernels
#include "kernel_levels.inc"

}  // namespace

template <>
const PoolKernels<float>& poolKernels<float>() {
    return chosen<float>();
}

template <>
const PoolKernels<Bf16>& poolKernels<Bf16>() {
    return chosen<Bf16>();
}

}  // namespace normlab
