// Which convolutions minimal filtering (winograd.h) can run, over which layouts: AVX-512, 3x3 of stride 1 in f32,
// blocks of sixteen channels that are not too empty.
#pragma once

#include "plan/planner.h"

namespace normlab {

// True for a convolution `op` from tensor `src` to tensor `dst`, or their gradients.
bool winogradFits(const Planner& plan, const Instruction& op, int src, int dst);
// True for a layout that its loops walk: blocks of sixteen channels, or whole blocks channels last.
bool winogradWalks(const Md& desc);

}  // namespace normlab
