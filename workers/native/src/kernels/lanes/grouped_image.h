// Images in groups of sixteen channels: element (n, c, y, x) is at n * sampleStride + c / 16 * groupStride +
// (y * width + x) * pixelStride + c % 16. Blocks of sixteen channels and channels last are both of this form.
#pragma once

#include <cstdint>

namespace normlab {

struct GroupedImage {
    int64_t height = 0, width = 0;
    int64_t sampleStride = 0, groupStride = 0, pixelStride = 0;
};

}  // namespace normlab
