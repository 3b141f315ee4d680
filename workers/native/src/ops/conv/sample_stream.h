// Loops of our AMX convolutions over a thread's samples, a few at a time. Their results stay in the cache for the next
// reader, and the sources of the next samples are prefetched meanwhile.
#pragma once

#include <algorithm>

#include "kernels/amx/amx_image.h"
#include "base/bf16.h"
#include "ops/shared/conv_amx_forms.h"
#include "run/step.h"
#include "base/thread_share.h"

namespace normlab {

// First to last (excluded); empty if both are 0.
struct SampleChunk {
    int64_t first = 0, last = 0;

    int64_t count() const { return last - first; }
};

// Calls work(chunk, next chunk) for all samples of a thread, `together` at a time; `backwards`: the last ones first.
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

// The samples of `chunk`: as stored, or computed on the fly into `memory`, which has space for them.
inline const Bf16* samplesOf(const SampleSource& source, const RunContext& run, const SampleChunk& chunk,
                             char* memory) {
    Bf16* to = source.buffer < 0 ? reinterpret_cast<Bf16*>(memory)
                                 : run.at<Bf16>(source.buffer) + chunk.first * sampleStrideOf(source.desc);
    if (source.make) source.make(run, chunk.first, chunk.last, to);
    return to;
}

// Bytes of memory that samplesOf() needs for `samples`.
inline int64_t onTheFlyBytes(const SampleSource& source, int64_t samples) {
    return source.buffer < 0 ? samples * sampleStrideOf(source.desc) * static_cast<int64_t>(sizeof(Bf16)) : 0;
}

// Adds the part of `regions` that work on `chunk` will read, except samples too large to stay in the cache until then.
inline void addPrefetches(PrefetchList& prefetches, const RunContext& run, const std::vector<SampleRegion>& regions,
                          const SampleChunk& chunk) {
    constexpr int64_t kMost = 256 << 10;
    for (const SampleRegion& region : regions) {
        const int64_t bytes = chunk.count() * region.bytes;
        if (bytes <= kMost)
            prefetches.add(PrefetchRange{run.at<char>(region.buffer) + chunk.first * region.bytes, bytes / 64});
    }
}

}  // namespace normlab
