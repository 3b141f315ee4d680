#include "kernels/pool/pool_kernels.h"

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#define NORMLAB_KERNELS "kernels/pool/pool_kernels.inc"
#define NORMLAB_TABLE PoolKernels
#include "kernels/lanes/kernel_levels.inc"

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
