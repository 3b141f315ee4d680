// Walks of our AMX convolutions over a thread's samples, some at a time: what is made of them stays in its cache for whoever reads it
// next, and what the next ones are made of is asked for meanwhile.
#pragma once

#include <algorithm>

#include "kernels/amx/amx_picture.h"
#include "base/bf16.h"
#include "onednn/layout.h"
#include "run/step.h"
#include "base/thread_share.h"

namespace normlab {

// First to last (excluded); none where both are 0.
struct SampleChunk {
    int64_t first = 0, last = 0;

    int64_t count() const { return last - first; }
};

// Calls work(chunk, the next one) for all samples of a thread, `together` at a time, the last ones first if asked.
template <typename Work>
void forChunks(const ThreadShare& samples, int64_t together, bool backwards, Work work) {
    const int64_t count = (samples.last - samples.first + together - 1) / together;
    const auto chunkAt = [&](int64_t i) {
        if (i >= count) return SampleChunk{};
        const int64_t first = samples.first + (backwards ? count - 1 - i : i) * together;
        return SampleChunk{first, std::min(first + together, samples.last)};
    };
    for (int64_t i = 0; i < count; ++i) work(chunkAt(i), chunkAt(i + 1));
}

// Elements of one sample.
inline int64_t sampleStrideOf(const Md& desc) { return channelLayoutOf(desc)->sampleStride; }

// The samples of `chunk`, where they are stored or made in `memory`, which holds as many.
inline const Bf16* samplesOf(const SampleSource& source, const RunContext& run, const SampleChunk& chunk, char* memory) {
    Bf16* to = source.buffer < 0 ? reinterpret_cast<Bf16*>(memory)
                                 : run.at<Bf16>(source.buffer) + chunk.first * sampleStrideOf(source.desc);
    if (source.make) source.make(run, chunk.first, chunk.last, to);
    return to;
}

// Memory that samplesOf() wants for so many.
inline int64_t madeBytes(const SampleSource& source, int64_t samples) {
    return source.buffer < 0 ? samples * sampleStrideOf(source.desc) * static_cast<int64_t>(sizeof(Bf16)) : 0;
}

// What work on `chunk` will read of `regions`; nothing of samples that are too large to be kept in cache until then.
inline void askFor(AmxAsks& asks, const RunContext& run, const std::vector<SampleRegion>& regions, const SampleChunk& chunk) {
    constexpr int64_t kMost = 256 << 10;
    for (const SampleRegion& region : regions) {
        const int64_t bytes = chunk.count() * region.bytes;
        if (bytes <= kMost) asks.add(AmxAsk{run.at<char>(region.buffer) + chunk.first * region.bytes, bytes / 64});
    }
}

}  // namespace normlab
