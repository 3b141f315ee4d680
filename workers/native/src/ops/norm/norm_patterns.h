// Which instructions around a batch normalization are done together with it, in one pass over memory:
//   pooled    BN + ReLU + MaxPool 2x2 forward; MaxPool + ReLU + BN backward: the full-size output and its gradient never exist
//   added     BN + Add + ReLU forward, where the other term is already there
//   rectified (Add of two gradients +) ReLU + BN backward
// A pattern applies only where nothing else reads the tensors in between.
#pragma once

#include "plan/planner.h"

namespace normlab {

struct PooledNorm {
    int pool = -1;                        // index of maxPoolForward
    int poolBackward = -1, backward = -1;  // and of its backward pass; -1 outside training
};

struct AddedNorm {
    int sum = -1, relu = -1;
    int other = kNone;  // tensor
};

// For the forward instruction at `index`; nothing where the pattern does not apply.
std::optional<PooledNorm> findPooledNorm(const Planner& plan, int index);
std::optional<AddedNorm> findAddedNorm(const Planner& plan, int index);
// For a sum or activationBackward at `index` that begins the pattern.
std::optional<RectifiedNorm> findRectifiedNorm(const Planner& plan, int index);

}  // namespace normlab
