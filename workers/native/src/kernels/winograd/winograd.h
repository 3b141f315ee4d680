// 3x3 convolutions of stride 1 in f32 by Winograd's minimal filtering, F(2x2, 3x3) (Lavin and Gray 2016). A tile of 2x2
// outputs comes from 4x4 inputs d and the kernel g with 16 products instead of 36; ' is the transpose and . the
// elementwise product:
//   Y = A' [(G g G') . (B' d B)] A,   dW = G' [sum over tiles (B' d B) . (A dY A')] G
// The 16 products of all tiles are 16 matrix products over the channels. All constants are 0, 1, -1 and 1/2: sums are
// shorter than those of the direct form, and no less exact. Channels stand in blocks of sixteen or last.
#pragma once

#include <cstdint>

#include "kernels/norm/norm_kernels.h"

namespace normlab {

constexpr int kWinogradPoints = 16;

struct WinogradImage {
    int64_t height = 0, width = 0;
    int64_t channels = 0, groups = 0;  // groups of sixteen channels, the last one filled up with zeros
    int64_t sampleStride = 0, groupStride = 0, pixelStride = 0;
};

// A correlation of `src` with a 3x3 kernel, `dst` the result. The data gradient is the correlation of
// the gradient of the output with the flipped kernel.
struct WinogradConv {
    WinogradImage src, dst;
    int64_t samples = 0, padTop = 0, padLeft = 0;
    int64_t block = 0;  // tiles that are worked on at a time, a multiple of sixteen

    int64_t tilesAcross() const { return (dst.width + 1) / 2; }
    int64_t tilesDown() const { return (dst.height + 1) / 2; }
    // Rows of tiles of all samples: what threads share.
    int64_t rows() const { return samples * tilesDown(); }
    // Floats from one of the sixteen points to the next; the odd line keeps stores to all of them off the same cache
    // sets.
    int64_t pointStride(int64_t groups) const { return groups * block * 16 + 16; }
    int64_t kernelFloats() const { return kWinogradPoints * src.groups * dst.groups * 256; }
    // What a thread needs: the points of a block's inputs and outputs; for weight gradients the sums as well.
    int64_t tileFloats() const { return kWinogradPoints * (pointStride(src.groups) + pointStride(dst.groups)); }
    int64_t sumFloats() const { return kernelFloats() + dst.groups * 16; }
};

// Images as they stand, or normalized on the fly: y = act((x - mean) * scale + shift), the padding around them zero.
struct WinogradSource {
    const float* images = nullptr;
    const NormLanes* norms = nullptr;  // one a group, or null
    bool relu = false;
};

// Chooses the block, for a correlation or for weight gradients.
void planWinograd(WinogradConv& conv, bool weights);

// Memory and results in 64-byte aligned floats; tile rows from `first` to before `last`.
struct WinogradKernels {
    // Points of a kernel [outs, ins, 3, 3] for output groups from `first` to before `last`, zero for the channels that
    // fill groups up; `flipped`: for its data gradient, where the outputs are `ins`. Of `conv` the channels are read.
    void (*transformKernel)(const WinogradConv& conv, const float* kernel, bool flipped, int64_t first, int64_t last,
                            float* points);
    // dst = src * kernel (+ bias)
    void (*correlate)(const WinogradConv& conv, const WinogradSource& src, const float* points, const float* bias,
                      float* dst, int64_t first, int64_t last, float* tiles);
    // sums[point][in group][out group][16][16], behind which stand those of diffDst.
    void (*accumulateWeights)(const WinogradConv& conv, const WinogradSource& src, const float* diffDst, int64_t first,
                              int64_t last, float* tiles, float* sums);
    // Gradient [outs, ins, 3, 3] of output groups from `first` to before `last` from the sums of all threads, which are
    // `stride` floats apart, in their order.
    void (*mergeWeights)(const WinogradConv& conv, const float* sums, int64_t threads, int64_t stride, int64_t first,
                         int64_t last, float* diffKernel, float* diffBias);
};

// The kernels for this CPU; null where it has no AVX-512.
const WinogradKernels* winogradKernels();

}  // namespace normlab
