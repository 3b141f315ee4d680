// Batch normalization forward as a step runs it: what it works with, and its parts.
#pragma once

#include "ops/norm/norm_plan.h"

namespace normlab {

struct NormForward {
    NormGrid grid;
    NormVectors vectors;
    int src = -1, dst = -1, other = -1;              // other: the term to add, or -1
    int statMean = -1, statVariance = -1, sums = -1;  // where the batch's statistics go, or -1
    int lanes = -1;                                   // where the coefficients go
    int64_t pooledSampleStride = 0, pooledGroupStride = 0, pooledStride = 0;  // 0: not pooled
    bool relu = false;
    bool taken = false;  // the sums are taken in the epilogue of the writer of src
    bool later = false;  // readers compute the output on the fly

    std::vector<int> touched() const;
};

// Statistics, coefficients and, unless readers compute it, the output.
Kernel normForwardKernel(const NormForward& norm, bool bf16);
// The output of some samples, by a thread alone, once the coefficients are known; `to` is where that of the first one
// goes.
void normalizeSamples(const RunContext& run, const NormForward& norm, int64_t first, int64_t last, Bf16* to);
// Statistics of some samples of `src`, one NormSums a unit.
void sumSamples(const RunContext& run, const NormGrid& grid, bool bf16, int src, int sums, int64_t first, int64_t last);

}  // namespace normlab
