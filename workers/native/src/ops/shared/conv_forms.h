// What a normalization must know of the convolutions around it (plan/fusions.h): whether they can normalize, or
// differentiate, on the fly.
#pragma once

#include "plan/planner.h"

namespace normlab {

// True where the convolution reads nothing of `tensor` but through a normalization of `src`, a layout its loops walk.
bool normalizesOnTheFly(const Planner& plan, const Instruction& op, int tensor, const Md& src);
// True where these gradients can compute their `diffDst`, which lies as `desc`, on the fly.
bool makeGradientOnTheFly(const Planner& plan, const ConvGradients& gradients, const Md& desc);

}  // namespace normlab
