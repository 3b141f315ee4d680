// What the forward and the backward half of our batch normalization share.
#pragma once

#include "ops/shared/norm_grid.h"
#include "ops/shared/ops.h"

namespace normlab {

// Buffers of the per-channel vectors, -1 where the instruction has none.
struct NormVectors {
    int gamma = -1, beta = -1, mean = -1, variance = -1;
    double epsilon = 0;
};

// Coefficients of one group of channels, from the vectors; missing lanes are zero.
void fillLanes(const RunContext& run, const NormVectors& vectors, const NormGrid& grid, int64_t group, NormLanes& out);

// Plans mean and biased variance of `src` into two per-channel buffers; false where the layout is not for our loops.
bool planOwnStatistics(Planner& plan, const std::string& node, const Value& src, int mean, int variance);
// Plans the instruction with our loops; false where its layout is not for them.
bool planOwnNormForward(Planner& plan, const Instruction& op);
bool planOwnNormBackward(Planner& plan, const Instruction& op);
// The epilogue of the writer of a tensor that was just planned: the statistics of the normalization that reads it, or
// the sums over the gradient of its backward half. Nothing where no normalization is next, or other work comes between.
std::optional<SampleWork> statisticsEpilogue(Planner& plan, int tensor);
std::optional<SampleWork> reductionEpilogue(Planner& plan, int gradient);
// True when the current sum or activationBackward will be done by a batch normalization's backward pass.
bool leaveToNorm(Planner& plan);

}  // namespace normlab
