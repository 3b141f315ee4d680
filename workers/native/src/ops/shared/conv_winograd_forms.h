// Which convolutions the Winograd loops (winograd.h) support, and in which layouts: AVX-512, 3x3 of stride 1 in f32,
// blocks of sixteen channels with little padding.
#pragma once

#include "plan/planner.h"

namespace normlab {

// True for a supported convolution `op` from tensor `src` to tensor `dst`, or its gradients.
bool winogradFits(const Planner& plan, const Instruction& op, int src, int dst);
// True for a supported layout: blocks of sixteen channels, or channels last with whole blocks.
bool winogradWalks(const Md& desc);

}  // namespace normlab
