// Units of work of batch normalization and global pooling, and the loop over them.
#pragma once

#include <algorithm>
#include <optional>

#include "base/thread_share.h"
#include "kernels/norm/norm_kernels.h"
#include "plan/planner.h"

namespace normlab {

// Below this many values a second thread costs more than it saves.
constexpr int64_t kNormParallelValues = 1 << 14;

// Units of work over a tensor: sixteen channels of one sample each. The rows of a matrix are the pixels of a single
// sample.
struct NormGrid {
    NormUnit unit;
    int64_t samples = 0, groups = 0, channels = 0, sampleStride = 0, groupStride = 0;
    bool isBlocked = false;  // the last group is padded to sixteen

    int64_t units() const { return samples * groups; }
    double count() const { return static_cast<double>(samples * unit.pixels); }
    bool isWide() const { return units() * unit.pixels * 16 >= kNormParallelValues; }
    int64_t at(int64_t index) const { return index / groups * sampleStride + index % groups * groupStride; }
    NormUnit unitOf(int64_t index) const {
        NormUnit out = unit;
        out.lanes = static_cast<int>(std::min<int64_t>(16, channels - index % groups * 16));
        out.held = isBlocked ? 16 : out.lanes;
        return out;
    }
};

// The grid over a supported layout: channels last, blocks of sixteen, or a matrix. No value for other layouts.
std::optional<NormGrid> normGridOf(const Md& desc);

// The same tensor in units of fewer pixels where channels are last, so that the units of a run of pixels, which share
// its memory, follow each other while it is in the cache.
NormGrid inRuns(const NormGrid& grid);

// True where the units of a grid are those of the batch's samples, that is, where images of one pixel are not the rows
// of a matrix.
inline bool walksSamples(const Planner& plan, const NormGrid& grid) {
    return grid.samples == plan.batch();
}

// Calls work(index) for all indices below `count`, in parallel if `wide`. Every thread processes the same run of
// indices in every pass, optionally backwards, so that a pass begins with the data that the previous one left in the
// thread's cache.
template <typename Work>
void forUnits(int64_t count, bool wide, bool backwards, Work work) {
    (void)wide;
#pragma omp parallel if (wide)
    {
        const ThreadShare share = shareOf(count);
        for (int64_t i = share.first; i < share.last; ++i) work(backwards ? share.first + share.last - 1 - i : i);
    }
}

}  // namespace normlab
