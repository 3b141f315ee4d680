#pragma once

#include "plan/planner.h"

namespace normlab {

// Plan HardSigmoid, an activation, by our own loops; the caller has checked the shapes.
void planHardSigmoidForward(Planner& plan, const Instruction& op);
void planHardSigmoidBackward(Planner& plan, const Instruction& op);

}  // namespace normlab
