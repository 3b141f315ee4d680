// Batch normalization backward at run time: its operands and parts.
#pragma once

#include "ops/norm/norm_plan.h"

namespace normlab {

struct NormBackward {
    NormGrid grid, sumGrid;  // units of dx, and of the sums, which are of whole samples
    NormVectors vectors;
    int src = -1, diffDst = -1, diffSrc = -1;
    int diffDst2 = -1, output = -1, passedOn = -1;  // with Add and ReLU: second gradient, output of the ReLU, g
    int diffGamma = -1, diffBeta = -1;
    int sums = -1, lanes = -1;
    int forward = -1;  // coefficients of the forward half, or -1
    int64_t pooledSampleStride = 0, pooledGroupStride = 0, pooledStride = 0;  // 0: not pooled
    NormActivation activation = NormActivation::none;
    bool byBatch = false;
    bool reduced = false;  // the sums are computed by the epilogue of the gradient's writer

    int64_t pooledAt(int64_t index) const {
        return index / grid.groups * pooledSampleStride + index % grid.groups * pooledGroupStride;
    }
    std::vector<int> touched() const;
};

// The batchNormBackward at `index`; `sums`: the buffer of the sums if another step computes them, or -1.
NormBackward describeNormBackward(Planner& plan, int index, const Value& src, const NormGrid& grid, int sums);
// Sets the gradient to that of the MaxPool's output in `pattern`.
void readPooledGradient(Planner& plan, const Instruction& op, const PooledNorm& pattern, NormBackward& norm);
// Sets the gradients to those of the Add and ReLU; returns the gradient that dx may overwrite.
Value readRectifiedGradient(Planner& plan, const Instruction& op, const RectifiedNorm& pattern, const Md& src,
                            NormBackward& norm);

// Computes sums, parameters' gradients and, if it is stored, dx.
Kernel normBackwardKernel(const NormBackward& norm, bool bf16);
// Sums over the gradients of some samples, on one thread. A rectified norm also writes the gradient before its ReLU.
void reduceSamples(const RunContext& run, const NormBackward& norm, bool bf16, int64_t first, int64_t last);
// dx of some samples, on one thread, once the sums of all samples are known.
void differentiateSamples(const RunContext& run, const NormBackward& norm, int64_t first, int64_t last, Bf16* to);

}  // namespace normlab
