#pragma once

#include "plan/planner.h"

namespace normlab {

// Plan adaptive average pooling of any sizes by our own loops. `src`: the images. `like`: the layout of diffSrc.
void planOwnAdaptiveForward(Planner& plan, const Instruction& op, const Value& src);
void planOwnAdaptiveBackward(Planner& plan, const Instruction& op, const Md& like);

}  // namespace normlab
