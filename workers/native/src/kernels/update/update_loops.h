// The loops of an update over a piece of consecutive elements, each element by itself, compiled for AVX2 and AVX-512.
// Formulas: update.cc. w weight, g gradient, the rest moments; all updated in place but g.
#pragma once

#include <cstdint>

namespace normlab {

struct SgdStep {
    float rate, momentum, l1, l2;
    bool nesterov;
};
// `fresh…` is the share of the new value in a moving average, `1 - beta` rounded from double: that difference of floats would be
// off by 1e-5 of itself at 0.999, and `m += fresh * (g - m)` keeps to it from the first step to the last.
struct RmspropStep {
    float rate, freshAlpha, epsilon, momentum, l1, l2;
};
struct AdamStep {
    float rate, correctedRate, fresh1, fresh2, epsilon, rootCorrection, l1, l2;
    bool decoupled;
};
struct LionStep {
    float rate, fresh1, fresh2, l1, l2;
};

void sgdPlain(float* w, const float* gradient, int64_t count, SgdStep s);
void sgdMomentum(float* w, const float* gradient, float* b, int64_t count, SgdStep s);
// `a` is null unless centred; the direction goes to `d`, which may be null where momentum `b` is used.
void rmspropDirection(const float* w, const float* gradient, float* v, float* a, float* d, int64_t count, RmspropStep s);
void rmspropMove(float* w, const float* d, float* b, int64_t count, RmspropStep s);
void adam(float* w, const float* gradient, float* m, float* v, int64_t count, AdamStep s);
void lion(float* w, const float* gradient, float* m, int64_t count, LionStep s);

// a = share * g, or a += share * g.
void accumulate(float* a, const float* gradient, int64_t count, float share, float keep);
// Sum of squares, in double.
double sumOfSquares(const float* gradient, int64_t count);
void scaled(float* out, const float* gradient, int64_t count, float factor);
void clamped(float* out, const float* gradient, int64_t count, float limit);
// e += (1 - share) * (w - e).
void average(float* e, const float* w, int64_t count, float share);

}  // namespace normlab
