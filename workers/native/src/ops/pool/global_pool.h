#pragma once

#include "plan/planner.h"

namespace normlab {

// Global average pooling of images in a layout that our loops walk; false for others.
bool planOwnGlobalForward(Planner& plan, const Instruction& op, const Value& src);
bool planOwnGlobalBackward(Planner& plan, const Instruction& op, const Md& src);

}  // namespace normlab
