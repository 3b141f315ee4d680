// The loops of our global average pooling over one unit of work (norm_kernels.h): sixteen channels of one sample. Each
// exists for float and Bf16 and is compiled for several CPUs.
#pragma once

#include "kernels/norm/norm_kernels.h"

namespace normlab {

template <typename T>
struct PoolKernels {
    // Means over the pixels, in f32, into the lanes of `y`.
    void (*mean)(const T* x, const NormUnit& unit, T* y);
    // Writes dy / pixels to all pixels.
    void (*spread)(const T* dy, const NormUnit& unit, T* dx);
};

// The loops for this CPU, for float or Bf16.
template <typename T>
const PoolKernels<T>& poolKernels();
template <>
const PoolKernels<float>& poolKernels<float>();
template <>
const PoolKernels<Bf16>& poolKernels<Bf16>();

}  // namespace normlab
