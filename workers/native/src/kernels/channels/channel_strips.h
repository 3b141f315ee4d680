// A tensor cut into strips of up to 16 channels for our normalization loops. It works on any layout that oneDNN
// produces: blocked channels, channels last (a matrix too), or plain.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "kernels/lanes/lanes.h"
#include "onednn/layout.h"

namespace normlab {

using AllLanes = std::integral_constant<int64_t, kLanes>;

struct Strips {
    ChannelLayout layout;
    bool runs = false;   // plain: a strip is one channel with adjacent pixels
    int64_t width = 1;   // channels of a strip; the last one may have fewer
    int64_t padded = 0;  // channels including the padding of blocked layouts, whose values are zeros
    int64_t count = 0;

    int64_t lanes(int64_t strip) const { return std::min(width, padded - strip * width); }
    // The channel of lane `lane`.
    int64_t channel(int64_t strip, int64_t lane) const { return runs ? strip : strip * width + lane; }
};

// The strips of a descriptor; no value for layouts that these loops do not support.
std::optional<Strips> stripsOf(const Md& desc);

// Samples first to last - 1.
struct SampleRange {
    int64_t first, last;
};

// Groups of ghost batch normalization, as defined in core/batchnorm/ghost.ts.
std::vector<SampleRange> ghostGroups(int64_t batch, int64_t groupSize);

// Calls row(offset, lanes) for all elements of a strip in some samples, up to 16 at a time. `lanes` is a compile-time
// constant where possible.
template <typename Row>
NORMLAB_INLINE void eachRow(const Strips& s, int64_t strip, SampleRange samples, Row row) {
    const int64_t lanes = s.lanes(strip), pixels = s.layout.pixels, stride = s.layout.pixelStride;
    for (int64_t n = samples.first; n < samples.last; ++n) {
        const int64_t at = s.layout.at(n, strip * s.width, 0);
        if (s.runs) {
            int64_t p = 0;
            for (; p + kLanes <= pixels; p += kLanes) row(at + p, AllLanes{});
            if (p < pixels) row(at + p, pixels - p);
        } else if (lanes == kLanes) {
            for (int64_t p = 0; p < pixels; ++p) row(at + p * stride, AllLanes{});
        } else {
            for (int64_t p = 0; p < pixels; ++p) row(at + p * stride, lanes);
        }
    }
}

// The values of the channels of a strip, one per lane; in runs all lanes have the value of the one channel.
template <typename T>
inline void toLanes(const Strips& s, int64_t strip, const T* ofChannel, T* lanes) {
    const int64_t count = s.lanes(strip);
    for (int64_t i = 0; i < kLanes; ++i)
        lanes[i] = s.runs ? ofChannel[strip] : ofChannel[strip * s.width + std::min(i, count - 1)];
}

}  // namespace normlab
