#pragma once

#include "program/program.h"

namespace normlab {

// Throws Failure for programs that would make the planner read out of bounds: slots beyond the state, parameters whose
// dims differ from their slot, missing operands. Shapes within an op are checked when the op is planned.
void checkProgram(const Program& program);

}  // namespace normlab
