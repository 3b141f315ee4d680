#include "kernels/update/update_loops.h"

#include <algorithm>
#include <cmath>

#include "kernels/lanes/multiversion.h"

namespace normlab {
namespace {

inline float sign(float value) {
    return static_cast<float>((value > 0) - (value < 0));
}

}  // namespace

NORMLAB_MULTIVERSION void sgdPlain(float* w, const float* gradient, int64_t count, SgdStep s) {
    for (int64_t i = 0; i < count; ++i) w[i] -= s.rate * (gradient[i] + s.l2 * w[i] + s.l1 * sign(w[i]));
}

NORMLAB_MULTIVERSION void sgdMomentum(float* w, const float* gradient, float* b, int64_t count, SgdStep s) {
    const float ahead = s.nesterov ? s.momentum : 1, direct = s.nesterov ? 1 : 0;
    for (int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] + s.l2 * w[i] + s.l1 * sign(w[i]);
        b[i] = s.momentum * b[i] + g;
        w[i] -= s.rate * (direct * g + ahead * b[i]);
    }
}

NORMLAB_MULTIVERSION void rmspropDirection(const float* w, const float* gradient, float* v, float* a, float* d,
                                           int64_t count, RmspropStep s) {
    if (a == nullptr) {
        for (int64_t i = 0; i < count; ++i) {
            const float g = gradient[i] + s.l2 * w[i] + s.l1 * sign(w[i]);
            v[i] += s.freshAlpha * (g * g - v[i]);
            d[i] = g / (std::sqrt(v[i]) + s.epsilon);
        }
        return;
    }
    for (int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] + s.l2 * w[i] + s.l1 * sign(w[i]);
        v[i] += s.freshAlpha * (g * g - v[i]);
        a[i] += s.freshAlpha * (g - a[i]);
        d[i] = g / (std::sqrt(std::max(0.0f, v[i] - a[i] * a[i])) + s.epsilon);
    }
}

NORMLAB_MULTIVERSION void rmspropMove(float* w, const float* d, float* b, int64_t count, RmspropStep s) {
    if (b == nullptr) {
        for (int64_t i = 0; i < count; ++i) w[i] -= s.rate * d[i];
        return;
    }
    for (int64_t i = 0; i < count; ++i) {
        b[i] = s.momentum * b[i] + d[i];
        w[i] -= s.rate * b[i];
    }
}

NORMLAB_MULTIVERSION void adam(float* w, const float* gradient, float* m, float* v, int64_t count, AdamStep s) {
    const float inGradient = s.decoupled ? 0 : s.l2, keep = s.decoupled ? 1 - s.rate * s.l2 : 1;
    for (int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] + inGradient * w[i] + s.l1 * sign(w[i]);
        m[i] += s.fresh1 * (g - m[i]);
        v[i] += s.fresh2 * (g * g - v[i]);
        w[i] = keep * w[i] - s.correctedRate * m[i] / (std::sqrt(v[i]) * s.rootCorrection + s.epsilon);
    }
}

NORMLAB_MULTIVERSION void lion(float* w, const float* gradient, float* m, int64_t count, LionStep s) {
    for (int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] + s.l1 * sign(w[i]);
        const float direction = sign(m[i] + s.fresh1 * (g - m[i]));
        w[i] -= s.rate * (direction + s.l2 * w[i]);
        m[i] += s.fresh2 * (g - m[i]);
    }
}

NORMLAB_MULTIVERSION void accumulate(float* a, const float* gradient, int64_t count, float share, float keep) {
    if (keep == 0) {
        for (int64_t i = 0; i < count; ++i) a[i] = share * gradient[i];
    } else {
        for (int64_t i = 0; i < count; ++i) a[i] = keep * a[i] + share * gradient[i];
    }
}

// Sixteen sums, which the compiler keeps in registers without changing their order.
NORMLAB_MULTIVERSION double sumOfSquares(const float* gradient, int64_t count) {
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
}

NORMLAB_MULTIVERSION void scaled(float* out, const float* gradient, int64_t count, float factor) {
    for (int64_t i = 0; i < count; ++i) out[i] = factor * gradient[i];
}

NORMLAB_MULTIVERSION void clamped(float* out, const float* gradient, int64_t count, float limit) {
    for (int64_t i = 0; i < count; ++i) out[i] = std::min(limit, std::max(-limit, gradient[i]));
}

NORMLAB_MULTIVERSION void average(float* e, const float* w, int64_t count, float share) {
    const float fresh = 1 - share;
    for (int64_t i = 0; i < count; ++i) e[i] += fresh * (w[i] - e[i]);
}

}  // namespace normlab
