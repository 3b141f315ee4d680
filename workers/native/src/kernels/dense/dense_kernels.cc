#include "kernels/dense/dense_kernels.h"

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#define NORMLAB_KERNELS "kernels/dense/dense_kernels.inc"
#define NORMLAB_TABLE DenseKernels
#include "kernels/lanes/kernel_levels.inc"

}  // namespace

const DenseKernels<float>& denseKernels() {
    return chosen<float>();
}

}  // namespace normlab
