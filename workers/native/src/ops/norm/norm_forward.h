// Batch normalization forward at run time: its operands and parts.
#pragma once

#include "ops/norm/norm_plan.h"

namespace normlab {

struct NormForward {
    NormGrid grid, sumGrid;  // units of the output, and of the statistics, which are of whole samples
    NormVectors vectors;
    int src = -1, dst = -1, other = -1;              // other: the second term of the Add, or -1
    int statMean = -1, statVariance = -1, sums = -1;  // destinations of the batch statistics, or -1
    int lanes = -1;                                   // destination of the coefficients
    int64_t pooledSampleStride = 0, pooledGroupStride = 0, pooledStride = 0;  // 0: not pooled
    NormActivation activation = NormActivation::none;
    bool taken = false;  // the sums are computed by the epilogue of src's writer
    bool later = false;  // readers compute the output on the fly

    std::vector<int> touched() const;
};

// Computes statistics, coefficients and, unless its readers do so, the output.
Kernel normForwardKernel(const NormForward& norm, bool bf16);
// The output of some samples, on one thread, once the coefficients are known. `to`: the destination of the first one.
void normalizeSamples(const RunContext& run, const NormForward& norm, int64_t first, int64_t last, Bf16* to);
// Statistics of some samples of `src`, one NormSums per unit.
void sumSamples(const RunContext& run, const NormGrid& grid, bool bf16, int src, int sums, int64_t first, int64_t last);

}  // namespace normlab
