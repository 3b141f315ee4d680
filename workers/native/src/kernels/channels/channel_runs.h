// A channel layout as read by our loops: chunks of channels that are adjacent at every pixel; within a chunk, pixels
// are adjacent.
#pragma once

#include <algorithm>

#include "onednn/layout.h"

namespace normlab {

// Element (n, c, p) is at n*sampleStride + (c/run)*chunkStride + p*run + c%run. Canonical images have runs of one
// channel. Channels-last ones have a single chunk of all channels. Blocked ones have one chunk per block, the last one
// padded with zeros.
struct ChannelRuns {
    int64_t samples = 0, channels = 0, pixels = 0;
    int64_t run = 1, chunks = 0;
    int64_t sampleStride = 0, chunkStride = 0;

    int64_t at(int64_t n, int64_t chunk, int64_t pixel) const {
        return n * sampleStride + chunk * chunkStride + pixel * run;
    }
    // Channels of a chunk that are not padding.
    int64_t channelsIn(int64_t chunk) const { return std::min(run, channels - chunk * run); }
};

// True where all channels of a pixel are adjacent; always true for a single pixel.
inline bool channelsSideBySide(const ChannelLayout& layout) {
    return layout.block == 1 && layout.blockStride == 1;
}

// `allSideBySide`: that of the layout itself, or of a larger image in the same format, so that both have the same
// chunks.
inline ChannelRuns channelRunsOf(const ChannelLayout& layout, bool allSideBySide) {
    ChannelRuns out;
    out.samples = layout.samples;
    out.channels = layout.channels;
    out.pixels = layout.pixels;
    out.run = allSideBySide ? layout.channels : layout.block;
    out.chunks = allSideBySide ? 1 : layout.blocks;
    out.sampleStride = layout.sampleStride;
    out.chunkStride = allSideBySide ? 0 : layout.blockStride;
    return out;
}

}  // namespace normlab
