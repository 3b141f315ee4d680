// A bf16 picture tensor as our AMX loops walk it.
#pragma once

#include <cstdint>

namespace normlab {

// Pictures in channel blocks of 16 or channels last; element (n, c, h, w) of X is at n*sampleStride + (c/16)*groupStride +
// (h*width + w)*pixelStride + c%16.
struct AmxPicture {
    int64_t height = 0, width = 0, channels = 0;
    int64_t sampleStride = 0, groupStride = 0, pixelStride = 0;
};

}  // namespace normlab
