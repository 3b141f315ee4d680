#pragma once

#include "plan/planner.h"

namespace normlab {

// Plans all instructions and, in training, the update. Throws Failure naming the instruction and its shapes.
Plan planProgram(const Program& program, int64_t batch, const Session& session, const Lent& lent);

}  // namespace normlab
