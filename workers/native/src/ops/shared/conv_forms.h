// Properties of convolutions that normalizations need (plan/fusions.h): whether they can normalize, or compute the
// gradient of a normalization, on the fly.
#pragma once

#include "plan/planner.h"

namespace normlab {

// True if the convolution can read `tensor` as the normalization of `src`, in a layout that its loops support.
bool normalizesOnTheFly(const Planner& plan, const Instruction& op, int tensor, const Md& src);
// True if these gradients can compute their `diffDst`, of layout `desc`, on the fly.
bool makeGradientOnTheFly(const Planner& plan, const ConvGradients& gradients, const Md& desc);

}  // namespace normlab
