#include "norm_kernels.h"

#include "cpu_levels.h"

#if NORMLAB_OWN_NORM
#include "lanes.h"
#endif
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#define NORMLAB_KERNELS "norm_kernels.inc"
#define NORMLAB_TABLE NormKernels
#include "kernel_levels.inc"

}  // namespace

template <>
const NormKernels<float>& normKernels<float>() {
    return chosen<float>();
}

template <>
const NormKernels<Bf16>& normKernels<Bf16>() {
    return chosen<Bf16>();
}

}  // namespace normlab
