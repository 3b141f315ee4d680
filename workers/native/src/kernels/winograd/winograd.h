// 3x3 convolutions of stride 1 in f32 by the Winograd algorithm F(2x2, 3x3) (Lavin and Gray 2016). A tile of 2x2
// outputs is computed from 4x4 inputs d and the kernel g with 16 products instead of 36. ' is the transpose and . the
// elementwise product:
//   Y = A' [(G g G') . (B' d B)] A,   dW = G' [sum over tiles (B' d B) . (A dY A')] G
// The 16 products of all tiles are 16 matrix products over the channels. All constants are 0, 1, -1 and 1/2: the sums
// are shorter than those of the direct algorithm, and no less exact. Channels are in blocks of sixteen or last.
#pragma once

#include <cstdint>

#include "kernels/norm/norm_kernels.h"

namespace normlab {

constexpr int kWinogradPoints = 16;

struct WinogradImage {
    int64_t height = 0, width = 0;
    int64_t channels = 0, groups = 0;  // groups of sixteen channels, the last one padded with zeros
    int64_t sampleStride = 0, groupStride = 0, pixelStride = 0;
};

// A correlation of `src` with a 3x3 kernel; `dst` is the result. The data gradient is the correlation of the gradient
// of the output with the flipped kernel.
struct WinogradConv {
    WinogradImage src, dst;
    int64_t samples = 0, padTop = 0, padLeft = 0;
    int64_t block = 0;  // tiles processed at a time, a multiple of sixteen

    int64_t tilesAcross() const { return (dst.width + 1) / 2; }
    int64_t tilesDown() const { return (dst.height + 1) / 2; }
    // Rows of tiles of all samples; threads share them.
    int64_t rows() const { return samples * tilesDown(); }
    // Floats from one of the sixteen points to the next. The extra cache line keeps stores to all points from mapping
    // to the same cache sets.
    int64_t pointStride(int64_t groups) const { return groups * block * 16 + 16; }
    int64_t kernelFloats() const { return kWinogradPoints * src.groups * dst.groups * 256; }
    // Memory of a thread: the points of a block's inputs and outputs; for weight gradients the sums as well.
    int64_t tileFloats() const { return kWinogradPoints * (pointStride(src.groups) + pointStride(dst.groups)); }
    int64_t sumFloats() const { return kernelFloats() + dst.groups * 16; }
};

// Images as stored, or normalized on the fly: y = act((x - mean) * scale + shift), zero in the padding around them.
struct WinogradSource {
    const float* images = nullptr;
    const NormLanes* norms = nullptr;  // one per group, or null
    NormActivation activation = NormActivation::none;
};

// Chooses the block, for a correlation or for weight gradients.
void planWinograd(WinogradConv& conv, bool weights);

// What a thread computes: tile rows and groups of outputs, the last ones excluded. Groups come in pairs.
struct WinogradPart {
    int64_t firstRow = 0, lastRow = 0;
    int64_t firstOut = 0, lastOut = 0;
};

// Buffers are 64-byte aligned floats. Tile rows from `first` to `last` (excluded).
struct WinogradKernels {
    // Points of a kernel [outs, ins, 3, 3] for output groups from `first` to `last` (excluded), zero in the padding of
    // groups. `flipped`: for the data gradient, where the outputs are `ins`. Only the channels of `conv` are read.
    void (*transformKernel)(const WinogradConv& conv, const float* kernel, bool flipped, int64_t first, int64_t last,
                            float* points);
    // dst = src * kernel (+ bias)
    void (*correlate)(const WinogradConv& conv, const WinogradSource& src, const float* points, const float* bias,
                      float* dst, const WinogradPart& part, float* tiles);
    // sums[point][in group][out group][16][16], followed by the sums of diffDst.
    void (*accumulateWeights)(const WinogradConv& conv, const WinogradSource& src, const float* diffDst, int64_t first,
                              int64_t last, float* tiles, float* sums);
    // Gradient [outs, ins, 3, 3] of output groups from `first` to `last` (excluded): adds the sums of all threads in
    // order. The sums of two threads are `stride` floats apart.
    void (*mergeWeights)(const WinogradConv& conv, const float* sums, int64_t threads, int64_t stride, int64_t first,
                         int64_t last, float* diffKernel, float* diffBias);
};

// The kernels for this CPU; null on x86-64 without AVX2.
const WinogradKernels* winogradKernels();

}  // namespace normlab
