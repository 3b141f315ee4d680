#include "kernels/depthwise/depthwise.h"

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

// Calls place(a, b, at): tap `at` of the packed kernel is that of row a and column b.
template <typename Place>
void eachTap(const DepthwiseConv& conv, bool flipped, Place place) {
    int64_t at = 0;
    for (int64_t a = 0; a < conv.kernel; ++a) {
        if (!flipped) {
            for (int64_t b = 0; b < conv.kernel; ++b) place(a, b, at++);
            continue;
        }
        for (int64_t phase = 0; phase < conv.stride; ++phase)
            for (int64_t b = conv.kernel - 1; b >= 0; --b)
                if (b % conv.stride == phase) place(a, b, at++);
    }
}

}  // namespace

void packDepthwise(const DepthwiseConv& conv, const float* kernel, const float* bias, bool flipped, int64_t first,
                   int64_t last, float* packed) {
    for (int64_t g = first; g < last; ++g) {
        const int64_t from = conv.firstChannel(g);
        float* group = packed + g * (conv.taps() + 1) * kLanes;
        for (int64_t lane = 0; lane < kLanes; ++lane) {
            const int64_t c = from + lane;
            const bool has = c < conv.channels;
            eachTap(conv, flipped, [&](int64_t a, int64_t b, int64_t at) {
                group[at * kLanes + lane] = has ? kernel[c * conv.taps() + a * conv.kernel + b] : 0.0F;
            });
            group[conv.taps() * kLanes + lane] = has && bias != nullptr ? bias[c] : 0.0F;
        }
    }
}

void mergeDepthwise(const DepthwiseConv& conv, const double* sums, int64_t threads, int64_t first, int64_t last,
                    float* diffKernel, float* diffBias) {
    const int64_t taps = conv.taps();
    for (int64_t g = first; g < last; ++g) {
        const int64_t from = conv.firstChannel(g), end = std::min(conv.channels, from + kLanes);
        for (int64_t c = g * kLanes; c < end; ++c) {
            const double* sum = sums + g * (taps + 1) * kLanes + c - from;
            const auto total = [&](int64_t tap) {
                double out = 0;
                for (int64_t t = 0; t < threads; ++t) out += sum[t * conv.sumDoubles() + tap * kLanes];
                return static_cast<float>(out);
            };
            for (int64_t tap = 0; tap < taps; ++tap) diffKernel[c * taps + tap] = total(tap);
            if (diffBias != nullptr) diffBias[c] = total(taps);
        }
    }
}

#if NORMLAB_VECTORS && NORMLAB_LEVELS

namespace {

#define NORMLAB_EIGHTS
NORMLAB_LEVEL_BEGIN_V3
namespace v3 {
#include "kernels/lanes/lanes.inc"
#include "kernels/depthwise/depthwise_images.inc"
#include "kernels/depthwise/depthwise_weights.inc"
}  // namespace v3
NORMLAB_LEVEL_END
#undef NORMLAB_EIGHTS

#define NORMLAB_MASKS
NORMLAB_LEVEL_BEGIN_V4
namespace v4 {
#include "kernels/lanes/lanes.inc"
#include "kernels/depthwise/depthwise_images.inc"
#include "kernels/depthwise/depthwise_weights.inc"
}  // namespace v4
NORMLAB_LEVEL_END
#undef NORMLAB_MASKS

}  // namespace

const DepthwiseKernels* depthwiseKernels() {
    const int level = cpuLevel();
    if (level >= 4) return &v4::kDepthwise;
    return level == 3 ? &v3::kDepthwise : nullptr;
}

#else

const DepthwiseKernels* depthwiseKernels() {
    return nullptr;
}

#endif

}  // namespace normlab
