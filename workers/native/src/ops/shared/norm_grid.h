// Units of work over a tensor as the loops of batch normalization and global pooling walk it, and the loop over them.
#pragma once

#include <algorithm>
#include <optional>

#include "base/thread_share.h"
#include "kernels/norm/norm_kernels.h"
#include "plan/planner.h"

namespace normlab {

// Below this many values a second thread costs more than it brings.
constexpr int64_t kNormParallelValues = 1 << 14;

// Units of work over a tensor: sixteen channels of one sample each; the rows of a matrix are the pixels of a single
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

// The grid over a layout that our loops walk: channels last, in blocks of sixteen, or a matrix. Nothing for other
// layouts.
std::optional<NormGrid> normGridOf(const Md& desc);

// True where the units of a grid are those of the batch's samples: not where images of one pixel are the rows of a
// matrix.
inline bool walksSamples(const Planner& plan, const NormGrid& grid) {
    return grid.samples == plan.batch();
}

// Calls work(index) for all indices below `count`, in parallel if `wide`; every thread takes the same run of them in
// every pass, backwards if asked, so that what a pass left in the thread's cache last is what the next one takes first.
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
