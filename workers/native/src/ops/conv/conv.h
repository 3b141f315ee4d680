// Functions of the convolutions that other ops call.
#pragma once

#include "plan/planner.h"

namespace normlab {

// Winograd convolution: 3x3 of stride 1 in f32; false where the CPU or the shape is not supported.
bool planWinogradForward(Planner& plan, const Instruction& op);
bool planWinogradData(Planner& plan, const Instruction& op);
bool planWinogradWeights(Planner& plan, const Instruction& op);

// Weight gradients in f32 of a convolution whose source has few channels; false where the shape is not supported.
bool planDirectWeights(Planner& plan, const Instruction& op);

// Depthwise convolution: 3x3 or 5x5 of stride 1 or 2 in f32; false where the CPU or the shape is not supported.
bool planDepthwiseForward(Planner& plan, const Instruction& op);
bool planDepthwiseData(Planner& plan, const Instruction& op);
bool planDepthwiseWeights(Planner& plan, const Instruction& op);

// Convolution tap by tap: any kernel of a stride above 1 in f32; false where the CPU or the shape is not supported.
bool planTapsForward(Planner& plan, const Instruction& op);
bool planTapsData(Planner& plan, const Instruction& op);
bool planTapsWeights(Planner& plan, const Instruction& op);

// The layout that the convolution `op` prefers for its source.
Md preferredConvSrc(Planner& plan, const Instruction& op);

// Weight gradients of a dense layer on our AMX tiles; false where CPU, precision or layouts are not supported.
bool planOwnDenseWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
