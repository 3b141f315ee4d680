// Dense layers in f32 by our own loops.
#pragma once

#include "plan/planner.h"

namespace normlab {

// False where the CPU, the precision or the size is left to oneDNN; nothing is planned then.
bool planRowsForward(Planner& plan, const Instruction& op);
bool planRowsData(Planner& plan, const Instruction& op);
bool planRowsWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
