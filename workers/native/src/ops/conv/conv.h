// What others than the convolutions themselves must know of them.
#pragma once

#include "plan/planner.h"

namespace normlab {

// 3x3 of stride 1 in f32 by minimal filtering; false where CPU or shape are not for it.
bool planWinogradForward(Planner& plan, const Instruction& op);
bool planWinogradData(Planner& plan, const Instruction& op);
bool planWinogradWeights(Planner& plan, const Instruction& op);

// The layout in which the convolution `op` would like its source.
Md preferredConvSrc(Planner& plan, const Instruction& op);

// Weight gradients of a dense layer by our own AMX tiles; false where CPU, precision or layouts are not for them.
bool planOwnDenseWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
