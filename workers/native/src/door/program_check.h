#pragma once

#include "program/program.h"

namespace normlab {

// Refuses (Failure) what would make the planner read outside an array: slots beyond the state, parameters whose dims
// differ from their slot, operands an op needs and lacks. Shapes of one op against another are checked where the op is
// planned.
void checkProgram(const Program& program);

}  // namespace normlab
