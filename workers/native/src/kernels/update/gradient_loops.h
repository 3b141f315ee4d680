// Operations of every update on consecutive elements, besides the optimizer's own step; compiled for AVX2 and AVX-512.
#pragma once

#include <cstdint>

namespace normlab {

// a = share * g where `keep` is 0, else a = keep * a + share * g.
void accumulate(float* a, const float* gradient, int64_t count, float share, float keep);
// Sum of squares, in double.
double sumOfSquares(const float* gradient, int64_t count);
// out = factor * g.
void scaled(float* out, const float* gradient, int64_t count, float factor);
// out = min(limit, max(-limit, g)).
void clamped(float* out, const float* gradient, int64_t count, float limit);
// e += (1 - share) * (w - e), which is e = share * e + (1 - share) * w.
void average(float* e, const float* w, int64_t count, float share);

}  // namespace normlab
