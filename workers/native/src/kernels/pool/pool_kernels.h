// The loops of our pooling over one unit of work (norm_kernels.h): sixteen channels of one sample. Each exists for
// float and Bf16 and is compiled for several CPUs.
#pragma once

#include "kernels/norm/norm_kernels.h"

namespace normlab {

// Windows over the images of a unit. Pixels of the pooled image are `outStride` elements apart.
struct PoolWindows {
    int64_t outHeight = 0, outWidth = 0, outStride = 0;
    int64_t kernelHeight = 0, kernelWidth = 0, strideDown = 1, strideAcross = 1, padTop = 0, padLeft = 0;
};

// The position of a maximum in its window is stored as one byte.
constexpr int64_t kMostWindowPixels = 256;

template <typename T>
struct PoolKernels {
    // Means over the pixels, in f32, into the lanes of `y`.
    void (*mean)(const T* x, const NormUnit& unit, T* y);
    // Writes dy / pixels to all pixels.
    void (*spread)(const T* dy, const NormUnit& unit, T* dx);
    // The maximum of each window, the first of equals in row order, and its position in the window, row by row, unless
    // `places` is null. Windows have at least one pixel of the image.
    void (*largest)(const T* x, const NormUnit& unit, const PoolWindows& windows, T* y, uint8_t* places);
    // dx = the sum of the gradients dy of the windows whose maximum a pixel is.
    void (*toLargest)(const T* dy, const uint8_t* places, const NormUnit& unit, const PoolWindows& windows, T* dx);
};

// The loops for this CPU, for float or Bf16.
template <typename T>
const PoolKernels<T>& poolKernels();
template <>
const PoolKernels<float>& poolKernels<float>();
template <>
const PoolKernels<Bf16>& poolKernels<Bf16>();

}  // namespace normlab
