#include "kernels/direct/direct_weights.h"

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#define NORMLAB_KERNELS "kernels/direct/direct_weights.inc"
#define NORMLAB_TABLE DirectKernels
#include "kernels/lanes/kernel_levels.inc"

}  // namespace

const DirectKernels<float>& directKernels() {
    return chosen<float>();
}

void mergeDirectWeights(const DirectWeights& work, const char* memory, int64_t threads, int64_t bytes,
                        float* diffKernel, float* diffBias) {
    const int64_t taps = work.taps();
    for (int64_t tap = 0; tap <= taps; ++tap) {
        for (int64_t out = 0; out < work.outs; ++out) {
            double sum = 0;
            for (int64_t t = 0; t < threads; ++t)
                sum += reinterpret_cast<const double*>(memory + t * bytes)[tap * work.outs + out];
            if (tap < taps) {
                diffKernel[out * taps + tap] = static_cast<float>(sum);
            } else if (diffBias != nullptr) {
                diffBias[out] = static_cast<float>(sum);
            }
        }
    }
}

}  // namespace normlab
