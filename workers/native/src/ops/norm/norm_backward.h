// Batch normalization backward as a step runs it: what it works with, and its parts.
#pragma once

#include "ops/norm/norm_plan.h"

namespace normlab {

struct NormBackward {
    NormGrid grid;
    NormVectors vectors;
    int src = -1, diffDst = -1, diffSrc = -1;
    int diffDst2 = -1, output = -1, passedOn = -1;  // behind Add and ReLU: second gradient, the ReLU's output, g
    int diffGamma = -1, diffBeta = -1;
    int sums = -1, lanes = -1;
    int forward = -1;  // the coefficients of the forward half, or -1
    int64_t pooledSampleStride = 0, pooledGroupStride = 0, pooledStride = 0;  // 0: not pooled
    bool relu = false, byBatch = false;
    bool reduced = false;  // the sums are taken in the epilogue of the writer of the gradient

    int64_t pooledAt(int64_t index) const {
        return index / grid.groups * pooledSampleStride + index % grid.groups * pooledGroupStride;
    }
    std::vector<int> touched() const;
};

// The batchNormBackward at `index`, with sums in buffer `sums` that another step has taken, or -1.
NormBackward describeNormBackward(Planner& plan, int index, const Value& src, const NormGrid& grid, int sums);
// The gradient behind the MaxPool of `pattern`, into `norm`.
void readPooledGradient(Planner& plan, const Instruction& op, const PooledNorm& pattern, NormBackward& norm);
// Those behind an Add and ReLU; gives back the gradient that dx may be laid over.
Value readRectifiedGradient(Planner& plan, const Instruction& op, const RectifiedNorm& pattern, const Md& src,
                            NormBackward& norm);

// Sums, parameters' gradients and, where it is stored, dx.
Kernel normBackwardKernel(const NormBackward& norm, bool bf16);
// Sums over the gradients of some samples, on one thread. A rectified norm also writes the gradient behind its ReLU.
void reduceSamples(const RunContext& run, const NormBackward& norm, bool bf16, int64_t first, int64_t last);
// dx of some samples, by a thread alone, once the sums of all are known.
void differentiateSamples(const RunContext& run, const NormBackward& norm, int64_t first, int64_t last, Bf16* to);

}  // namespace normlab
