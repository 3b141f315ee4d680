// The weights of an axis in the layout of an AVX2 loop; other CPUs use `resampleRow3`.
#pragma once

#include <cstdint>

#include "resample.h"

namespace normlab::image {

// Empty if this processor has no AVX2.
PackedTaps packTaps(const Taps& taps);

// As resampleRow3, with a nonempty result of packTaps. Reads up to 13 bytes past the row's end and writes one byte past
// the end of `out`.
void resampleRow3(const uint8_t* row, const Taps& taps, const PackedTaps& packed, uint8_t* out);

}  // namespace normlab::image
