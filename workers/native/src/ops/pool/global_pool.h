#pragma once

#include "plan/planner.h"

namespace normlab {

// Plans global average pooling for layouts that our loops support; false for others.
bool planOwnGlobalForward(Planner& plan, const Instruction& op, const Value& src);
bool planOwnGlobalBackward(Planner& plan, const Instruction& op, const Md& src);

}  // namespace normlab
