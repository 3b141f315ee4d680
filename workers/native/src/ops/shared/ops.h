// One function per op: it appends the steps of an instruction to the plan. Formulas are in core/program/instruction.ts;
// each file opens with its own additions. All throw Failure for incompatible shapes.
#pragma once

#include "plan/planner.h"

namespace normlab {

#define NORMLAB_OP(name, Name, ...) void plan##Name(Planner& plan, const Instruction& op);
#include "program/ops.inc"
#undef NORMLAB_OP

// Plans the optimizer's pass over the lent state, as the last step.
void planUpdate(Planner& plan);

}  // namespace normlab
