// Shared by the forward and the backward half of our batch normalization.
#pragma once

#include "ops/shared/norm_grid.h"
#include "ops/shared/ops.h"

namespace normlab {

// Buffers of the per-channel vectors, -1 where the instruction has none.
struct NormVectors {
    int gamma = -1, beta = -1, mean = -1, variance = -1;
    double epsilon = 0;
};

// The activation fused into a batch normalization.
NormActivation normActivationOf(const Instruction& op);

// Coefficients of one group of channels, computed from the vectors; missing lanes are zero.
void fillLanes(const RunContext& run, const NormVectors& vectors, const NormGrid& grid, int64_t group, NormLanes& out);

// Plans mean and biased variance of `src` into two per-channel buffers; false for unsupported layouts.
bool planOwnStatistics(Planner& plan, const std::string& node, const Value& src, int mean, int variance);
// Plans the instruction with our loops; false for unsupported layouts.
bool planOwnNormForward(Planner& plan, const Instruction& op);
bool planOwnNormBackward(Planner& plan, const Instruction& op);
// The epilogue for the writer of a tensor that was just planned: the statistics of the normalization that reads it, or
// the sums of its backward half. No value where no normalization follows, or other work comes in between.
std::optional<SampleWork> statisticsEpilogue(Planner& plan, int tensor);
std::optional<SampleWork> reductionEpilogue(Planner& plan, int gradient);
// True if the current sum or activationBackward is computed by a batch normalization's backward pass.
bool leaveToNorm(Planner& plan);

}  // namespace normlab
