// A sample as rows of adjacent values: all pixels of a channel, or some channels of one pixel.
#pragma once

#include "base/bf16.h"
#include "kernels/channels/channel_runs.h"
#include "kernels/lanes/lanes.h"
#include "plan/planner.h"

namespace normlab {

struct Row {
    int64_t at = 0;       // position of its first value, from the start of the sample
    int64_t count = 0;    // values
    int64_t padding = 0;  // zeros after the values
    int64_t channel = 0;  // channel of the first value
    int64_t pixel = 0;
};

// The rows of any sample in layout `runs`, in memory order.
struct SampleRows {
    ChannelRuns runs;
    bool alongChannels = false;  // else along pixels
    int64_t rows = 0;

    NORMLAB_INLINE Row row(int64_t index) const {
        Row out;
        if (!alongChannels) {
            out.at = index * runs.chunkStride;
            out.count = runs.pixels;
            out.channel = index;
            return out;
        }
        const int64_t chunk = index / runs.pixels;
        out.pixel = index - chunk * runs.pixels;
        out.at = chunk * runs.chunkStride + out.pixel * runs.run;
        out.channel = chunk * runs.run;
        out.count = runs.channelsIn(chunk);
        out.padding = runs.run - out.count;
        return out;
    }
};

inline SampleRows sampleRowsOf(const Md& desc) {
    const ChannelLayout layout = *channelLayoutOf(desc);
    SampleRows out;
    out.runs = channelRunsOf(layout, channelsSideBySide(layout));
    out.alongChannels = out.runs.run > 1;
    out.rows = out.alongChannels ? out.runs.chunks * out.runs.pixels : out.runs.chunks;
    return out;
}

// True where `desc` consists of rows: canonical, channels last, or blocks of channels.
inline bool liesInRows(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!layout) return false;
    const int64_t run = channelsSideBySide(*layout) ? layout->channels : layout->block;
    return layout->pixels == 1 || layout->pixelStride == run;
}

// The tensor as stored if it consists of rows, else in canonical layout.
inline Value inRows(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return liesInRows(have.desc) ? have : plan.readPlain(tensor, compat::typeOf(have.desc));
}

template <typename T>
NORMLAB_INLINE void zeroPadding(T* row, const Row& at) {
    for (int64_t i = at.count; i < at.count + at.padding; ++i) row[i] = fromFloat<T>(0.0F);
}

}  // namespace normlab
