// Weight gradients of convolutions whose source has few channels, such as the first one of a network:
//   dW[o][c][i][j] = sum over samples and pixels (y, x) of
//                    src[c][y * stride + i - pad][x * stride + j - pad] * dY[o][y][x]
// Each thread sums over its own samples: in f32 within a sample, in double over all of them.
#pragma once

#include <cstdint>

namespace normlab {

// At most this many taps: channels * kernel height * kernel width.
constexpr int kMostDirectTaps = 512;

struct DirectWeights {
    int64_t samples = 0, channels = 0, height = 0, width = 0;  // the source, in canonical order
    int64_t outs = 0, outHeight = 0, outWidth = 0;  // dY
    int64_t kernelHeight = 0, kernelWidth = 0;
    int64_t strideDown = 1, strideAcross = 1, padTop = 0, padLeft = 0;
    // dY in groups of sixteen channels; `outs` is a multiple of sixteen.
    int64_t sampleStride = 0, groupStride = 0, pixelStride = 0;

    int64_t taps() const { return channels * kernelHeight * kernelWidth; }
    // The part of the padded source that dY covers.
    int64_t paddedHeight() const { return (outHeight - 1) * strideDown + kernelHeight; }
    int64_t paddedWidth() const { return (outWidth - 1) * strideAcross + kernelWidth; }
    int64_t paddedFloats() const { return (channels * paddedHeight() * paddedWidth() + 15) / 16 * 16; }
    // Memory of a thread: totals in double of all taps and of the bias, the sums of a sample, its padded source.
    int64_t totalDoubles() const { return (taps() + 1) * outs; }
    int64_t threadBytes() const { return totalDoubles() * (8 + 4) + paddedFloats() * 4; }
};

template <typename T>
struct DirectKernels {
    // Sums over the samples from `first` to `last` (excluded). `memory`: threadBytes(), 64-byte aligned.
    void (*accumulate)(const DirectWeights& work, const T* src, const T* diffDst, int64_t first, int64_t last,
                       char* memory);
};

// The kernels for this CPU.
const DirectKernels<float>& directKernels();

// Adds the totals of the threads in order, whose memories are `bytes` apart: the gradient [outs, channels, kernel
// height, kernel width] and, if it is not null, that of the bias.
void mergeDirectWeights(const DirectWeights& work, const char* memory, int64_t threads, int64_t bytes,
                        float* diffKernel, float* diffBias);

}  // namespace normlab
