// One function an op: appends the steps of an instruction to the plan. Formulas are in core/program/instruction.ts; each file
// opens with what it adds to them. All throw Failure when the instruction's shapes do not fit together.
#pragma once

#include "plan/planner.h"

namespace normlab {

using PlanOp = void (*)(Planner&, const Instruction&);

void planNormalizeInput(Planner& plan, const Instruction& op);

void planConvForward(Planner& plan, const Instruction& op);
void planConvBackwardData(Planner& plan, const Instruction& op);
void planConvBackwardWeights(Planner& plan, const Instruction& op);
// With our own AMX tiles; false where CPU, precision or layouts are not for them.
bool planOwnDenseWeights(Planner& plan, const Instruction& op);
// 3x3 of stride 1 in f32 by minimal filtering; false where CPU or shape are not for it.
bool planWinogradForward(Planner& plan, const Instruction& op);
bool planWinogradData(Planner& plan, const Instruction& op);
bool planWinogradWeights(Planner& plan, const Instruction& op);
// True where the instruction, one of those, reads nothing of `tensor` but through a normalization (Planner::unstoredNorms) of
// `pictures`, a layout its loops walk.
bool winogradNormalizes(const Planner& plan, const Instruction& op, int tensor, const Md& pictures);
// The same for all our convolutions.
bool normalizesAsItReads(const Planner& plan, const Instruction& op, int tensor, const Md& pictures);
// True where nobody reads a gradient, which lies as `desc`, but convolutions of ours that make it as they read it.
bool gradientIsMadeAsRead(const Planner& plan, int tensor, const Md& desc);
// The layout in which the convolution `op` would like its source.
Md preferredConvSrc(Planner& plan, const Instruction& op);

void planDenseForward(Planner& plan, const Instruction& op);
void planDenseBackwardData(Planner& plan, const Instruction& op);
void planDenseBackwardWeights(Planner& plan, const Instruction& op);

void planBatchNormForward(Planner& plan, const Instruction& op);
void planBatchNormBackward(Planner& plan, const Instruction& op);
// Plans mean and biased variance of `src` into two per-channel buffers; false where the layout is not for our loops.
bool planOwnStatistics(Planner& plan, const std::string& node, const Value& src, int mean, int variance);
void planGhostNormForward(Planner& plan, const Instruction& op);
void planGhostNormBackward(Planner& plan, const Instruction& op);
void planUpdateStatistics(Planner& plan, const Instruction& op);
void planSampleNormForward(Planner& plan, const Instruction& op);
void planSampleNormBackward(Planner& plan, const Instruction& op);

void planActivationForward(Planner& plan, const Instruction& op);
void planActivationBackward(Planner& plan, const Instruction& op);
void planPreluForward(Planner& plan, const Instruction& op);
void planPreluBackward(Planner& plan, const Instruction& op);
void planSoftmaxForward(Planner& plan, const Instruction& op);
void planSoftmaxBackward(Planner& plan, const Instruction& op);

void planMaxPoolForward(Planner& plan, const Instruction& op);
void planMaxPoolBackward(Planner& plan, const Instruction& op);
void planAveragePoolForward(Planner& plan, const Instruction& op);
void planAveragePoolBackward(Planner& plan, const Instruction& op);
void planGlobalAveragePoolForward(Planner& plan, const Instruction& op);
void planGlobalAveragePoolBackward(Planner& plan, const Instruction& op);

void planReshape(Planner& plan, const Instruction& op);
void planSum(Planner& plan, const Instruction& op);
void planConcatForward(Planner& plan, const Instruction& op);
void planConcatBackward(Planner& plan, const Instruction& op);
void planZero(Planner& plan, const Instruction& op);

void planDropout(Planner& plan, const Instruction& op);
void planChannelDropout(Planner& plan, const Instruction& op);
void planLossForward(Planner& plan, const Instruction& op);
void planLossBackward(Planner& plan, const Instruction& op);

void planConvTransposeForward(Planner& plan, const Instruction& op);
void planConvTransposeBackwardData(Planner& plan, const Instruction& op);
void planConvTransposeBackwardWeights(Planner& plan, const Instruction& op);

void planResampleForward(Planner& plan, const Instruction& op);
void planResampleBackward(Planner& plan, const Instruction& op);

void planPadForward(Planner& plan, const Instruction& op);
void planPadBackward(Planner& plan, const Instruction& op);

void planMultiplyForward(Planner& plan, const Instruction& op);
void planMultiplyBackward(Planner& plan, const Instruction& op);

// The optimizer's pass over the lent state, as the last step.
void planUpdate(Planner& plan);

}  // namespace normlab
