// The loops of our batch normalization over one unit of work: sixteen channels of one sample. The rows of a matrix are
// the pixels of a single sample. Each loop exists for float and Bf16 and is compiled for several CPUs.
//
// Statistics are computed in one pass, shifted by the mean of the first pixels so that a mean far from zero costs no
// precision (Chan, Golub and LeVeque 1983). Runs of at most 128 pixels are summed in f32, everything above in double.
#pragma once

#include <cstdint>

#include "base/bf16.h"
#include "onednn/dnnl_compat.h"

namespace normlab {

// What is computed on the normalized values in the same pass: nothing, max(0, z) or min(max(0, z), 6). The gradient
// passes where z > 0, and with relu6 z < 6.
enum class NormActivation { none, relu, relu6 };

// The pixels of a unit: pixel p begins at element `p * stride` and has `lanes` adjacent channels.
struct NormUnit {
    int64_t pixels = 0, stride = 0;
    int64_t height = 0, width = 0;  // for the pooled kernels
    int lanes = 0;
    int held = 0;  // elements of a pixel in memory, including the padding of blocked channels
};

// Coefficients of sixteen channels. Forward: y = (x - mean) * scale + shift.
// Backward: dx = scale * (dy - meanDiff - (x - mean) * slope).
struct NormLanes {
    float mean[16], scale[16], shift[16], meanDiff[16], slope[16];
};

// Per channel over a unit's pixels: mean and sum of squared deviations, or sums of dy and dy * (x - mean).
struct NormSums {
    double first[16], second[16];
};

template <typename T>
struct NormKernels {
    void (*statistics)(const T* x, const NormUnit& unit, NormSums& out);
    void (*apply)(const T* x, T* y, const NormUnit& unit, const NormLanes& norm, NormActivation activation);
    // y = relu(normalized + other)
    void (*applyAdd)(const T* x, const T* other, T* y, const NormUnit& unit, const NormLanes& norm);
    // y = maxpool 2x2 of relu(normalized); `pooledStride`: the stride of the pooled image
    void (*applyPool)(const T* x, T* y, const NormUnit& unit, int64_t pooledStride, const NormLanes& norm);
    void (*reduce)(const T* x, const T* dy, const NormUnit& unit, const NormLanes& norm, NormActivation activation,
                   NormSums& out);
    // g = dy + dy2 where y > 0, else 0; dy2 may be null; the sums are those of g
    void (*reduceAdd)(const T* x, const T* dy, const T* dy2, const T* y, T* g, const NormUnit& unit,
                      const NormLanes& norm, NormSums& out);
    void (*reducePool)(const T* x, const T* dy, const NormUnit& unit, int64_t pooledStride, const NormLanes& norm,
                       NormSums& out);
    void (*diff)(const T* x, const T* dy, T* dx, const NormUnit& unit, const NormLanes& norm,
                 NormActivation activation);
    void (*diffPool)(const T* x, const T* dy, T* dx, const NormUnit& unit, int64_t pooledStride, const NormLanes& norm);
};

// The loops for this CPU, for float or Bf16.
template <typename T>
const NormKernels<T>& normKernels();
template <>
const NormKernels<float>& normKernels<float>();
template <>
const NormKernels<Bf16>& normKernels<Bf16>();

}  // namespace normlab
