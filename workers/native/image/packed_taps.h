// The weights of an axis as AVX2 takes them best; elsewhere `resampleRow3` does the work.
#pragma once

#include <cstdint>

#include "resample.h"

namespace normlab::image {

// Empty where this processor has no AVX2.
PackedTaps packTaps(const Taps& taps);

// As resampleRow3, by a packTaps that is not empty. Reads up to 13 bytes past the row's end, and writes one past that
// of `out`.
void resampleRow3(const uint8_t* row, const Taps& taps, const PackedTaps& packed, uint8_t* out);

}  // namespace normlab::image
