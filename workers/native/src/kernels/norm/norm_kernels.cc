#include "kernels/norm/norm_kernels.h"

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#define NORMLAB_KERNELS "kernels/norm/norm_kernels.inc"
#define NORMLAB_TABLE NormKernels
#include "kernels/lanes/kernel_levels.inc"

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
