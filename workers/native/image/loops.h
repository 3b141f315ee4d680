// The performance-critical loops, compiled for several instruction sets and chosen at load time.
#pragma once

#include <cstdint>

namespace normlab::image {

constexpr int kWeightBits = 22;

// Weighted sums along a row: pixel i of `out` is computed from `counts[i]` pixels of `row`, starting at `firsts[i]`.
// Reads one byte past them.
void resampleRow3(const uint8_t* row, const int64_t* firsts, const int32_t* counts, const int32_t* weights,
                  int64_t width, int64_t pixels, uint8_t* out);
void resampleRow1(const uint8_t* row, const int64_t* firsts, const int32_t* counts, const int32_t* weights,
                  int64_t width, int64_t pixels, uint8_t* out);
void addWeighted(const uint8_t* __restrict row, int32_t weight, int64_t length, int32_t* __restrict sums);
void roundSums(const int32_t* __restrict sums, int64_t length, uint8_t* __restrict out);

}  // namespace normlab::image
