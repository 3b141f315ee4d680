// A bf16 image tensor as read by our AMX loops.
#pragma once

#include <cstdint>

namespace normlab {

// Images in channel blocks of 16 or channels last. Element (n, c, h, w) of X is at n*sampleStride + (c/16)*groupStride
// + (h*width + w)*pixelStride + c%16.
struct AmxImage {
    int64_t height = 0, width = 0, channels = 0;
    int64_t sampleStride = 0, groupStride = 0, pixelStride = 0;
};

// Memory to prefetch: `runs` runs of cache lines, whose starts are `jump` bytes apart.
struct PrefetchRange {
    const void* from = nullptr;
    int64_t lines = 0, runs = 1, jump = 0;
};

struct PrefetchList {
    static constexpr int kMost = 6;
    PrefetchRange ranges[kMost];
    int count = 0;

    void add(const PrefetchRange& range) {
        if (count < kMost && range.lines > 0) ranges[count++] = range;
    }
    int64_t lines() const {
        int64_t sum = 0;
        for (int i = 0; i < count; ++i) sum += ranges[i].lines * ranges[i].runs;
        return sum;
    }
};

}  // namespace normlab
