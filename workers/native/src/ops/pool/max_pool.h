// Max pooling in f32 by our own loops.
#pragma once

#include "plan/planner.h"

namespace normlab {

// False where type, layout or windows are not supported; nothing is planned then.
bool planOwnMaxForward(Planner& plan, const Instruction& op, const Value& src);
// `src`: the layout of the source of the forward pass.
bool planOwnMaxBackward(Planner& plan, const Instruction& op, const Md& src);

}  // namespace normlab
