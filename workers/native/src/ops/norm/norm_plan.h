// What the forward and the backward half of our batch normalization share: geometry, operands and the loop over units of work.
#pragma once

#include <optional>

#include "kernels/norm/norm_kernels.h"
#include "ops/ops.h"
#include "base/thread_share.h"

namespace normlab {

// Below this many values a second thread costs more than it brings.
constexpr int64_t kNormParallelValues = 1 << 14;

// Units of work over a tensor: sixteen channels of one sample each; the rows of a matrix are the pixels of a single sample.
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

// The grid over a layout that our loops walk: channels last, in blocks of sixteen, or a matrix. Nothing for other layouts.
std::optional<NormGrid> normGridOf(const Md& desc);

// True where the units of a grid are those of the batch's samples: not where pictures of one pixel are the rows of a matrix.
inline bool walksSamples(const Planner& plan, const NormGrid& grid) {
    return grid.samples == plan.batch();
}

// Buffers of the per-channel vectors, -1 where the instruction has none.
struct NormVectors {
    int gamma = -1, beta = -1, mean = -1, variance = -1;
    double epsilon = 0;
};

// Coefficients of one group of channels, from the vectors; missing lanes are zero.
void fillLanes(const RunContext& run, const NormVectors& vectors, const NormGrid& grid, int64_t group, NormLanes& out);

// Calls work(index) for all indices below `count`, in parallel if `wide`; every thread takes the same run of them in every pass,
// backwards if asked, so that what a pass left in the thread's cache last is what the next one takes first.
template <typename Work>
void forUnits(int64_t count, bool wide, bool backwards, Work work) {
    (void)wide;
#pragma omp parallel if (wide)
    {
        const ThreadShare share = shareOf(count);
        for (int64_t i = share.first; i < share.last; ++i) work(backwards ? share.first + share.last - 1 - i : i);
    }
}

// Plans mean and biased variance of `src` into two per-channel buffers; false where the layout is not for our loops.
bool planOwnStatistics(Planner& plan, const std::string& node, const Value& src, int mean, int variance);
// Plans the instruction with our loops; false where its layout is not for them.
bool planOwnNormForward(Planner& plan, const Instruction& op);
bool planOwnNormBackward(Planner& plan, const Instruction& op);
// What the writer of a tensor, just planned, can do for the normalization that reads it, forward its statistics, backward the sums over
// its gradient; nothing where no normalization is next, or other work comes between.
std::optional<SampleWork> statisticsBehind(Planner& plan, int tensor);
std::optional<SampleWork> reductionBehind(Planner& plan, int gradient);
// Global average pooling of pictures in a layout that our loops walk; false for others.
bool planOwnGlobalForward(Planner& plan, const Instruction& op, const Value& src);
bool planOwnGlobalBackward(Planner& plan, const Instruction& op, const Md& src);
// True when the current sum or activationBackward will be done by a batch normalization's backward pass.
bool leaveToNorm(Planner& plan);

}  // namespace normlab
