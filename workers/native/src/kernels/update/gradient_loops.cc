#include "kernels/update/gradient_loops.h"

#include <algorithm>

#include "kernels/lanes/multiversion.h"

namespace normlab {

NORMLAB_BY_LEVEL(void, accumulate, (float* a, const float* gradient, int64_t count, float share, float keep),
                 (a, gradient, count, share, keep), {
                     if (keep == 0) {
                         for (int64_t i = 0; i < count; ++i) a[i] = share * gradient[i];
                     } else {
                         for (int64_t i = 0; i < count; ++i) a[i] = keep * a[i] + share * gradient[i];
                     }
                 })

// Sixteen sums, which the compiler can keep in registers without changing their order.
NORMLAB_BY_LEVEL(double, sumOfSquares, (const float* gradient, int64_t count), (gradient, count), {
    constexpr int64_t kLanes = 16;
    double sums[kLanes] = {};
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        for (int64_t lane = 0; lane < kLanes; ++lane) {
            const double g = gradient[i + lane];
            sums[lane] += g * g;
        }
    for (; i < count; ++i) sums[0] += static_cast<double>(gradient[i]) * gradient[i];
    double total = 0;
    for (const double sum : sums) total += sum;
    return total;
})

NORMLAB_BY_LEVEL(void, scaled, (float* out, const float* gradient, int64_t count, float factor),
                 (out, gradient, count, factor), {
                     for (int64_t i = 0; i < count; ++i) out[i] = factor * gradient[i];
                 })

NORMLAB_BY_LEVEL(void, clamped, (float* out, const float* gradient, int64_t count, float limit),
                 (out, gradient, count, limit), {
                     for (int64_t i = 0; i < count; ++i) out[i] = std::min(limit, std::max(-limit, gradient[i]));
                 })

NORMLAB_BY_LEVEL(void, average, (float* e, const float* w, int64_t count, float share), (e, w, count, share), {
    const float fresh = 1 - share;
    for (int64_t i = 0; i < count; ++i) e[i] += fresh * (w[i] - e[i]);
})

}  // namespace normlab
