// Convolutions in f32, tap by tap: any kernel, stride and dilation, whole groups of sixteen channels. With the kernel k
// and its row a and column b:
//   y[o, i, j] = bias[o] + sum over c, a, b of k[o, c, a, b] * x[c, i * stride + a * dilation - pad, likewise j and b]
//   dx[c, i, j] = sum over o, a, b of k[o, c, a, b] * dy[o, (i + pad - a * dilation) / stride, likewise j and b],
//                 where both can be divided
//   dk[o, c, a, b] = sum over samples, i, j of dy[o, i, j] * x[c, i * stride + a * dilation - pad, likewise j and b]
// A tile is a few results of one sample whose sums stay in registers. Which taps reach them, and where these read, is
// the same in every sample and listed once (TapTiles).
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/lanes/grouped_image.h"

namespace normlab {

// The largest kernel: 7x7 and a little more.
constexpr int64_t kMostTaps = 64;
// With two registers a pixel, twelve of the sixteen registers of AVX2 are sums; of the 32 of NEON, 24.
constexpr int kTilePixels = 6;

struct TapConv {
    GroupedImage src, dst;
    int64_t samples = 0;
    int64_t ins = 0, outs = 0;  // groups of sixteen channels
    int64_t kernelHeight = 1, kernelWidth = 1;
    int64_t strideDown = 1, strideAcross = 1, dilationDown = 1, dilationAcross = 1;
    int64_t padTop = 0, padLeft = 0;

    int64_t taps() const { return kernelHeight * kernelWidth; }
    int64_t packedFloats() const { return ins * outs * taps() * 256; }
    // What threads share of the weight gradients: the taps of all pairs of groups, those of a pair being adjacent.
    int64_t gradientUnits() const { return ins * outs * taps(); }
};

// Packs a kernel [outs, ins, height, width] for groups of results from `first` to `last` (excluded) as
// [result group][source group][tap][source][result]. `backward`: the sources are the outputs, for the data gradient.
void packTaps(const TapConv& conv, const float* kernel, bool backward, int64_t first, int64_t last, float* packed);

// All pixels of a sample's result, those of dst or, if `backward`, those of src. Positions are in floats from the start
// of the sample's group.
struct TapTiles {
    struct Tile {
        int32_t pixels = 0;
        int32_t firstTap = 0, lastTap = 0;  // in `reads`, the last one excluded
        int64_t to[kTilePixels] = {};
    };
    struct Read {
        int64_t tap = 0;
        int64_t from[kTilePixels] = {};  // of each pixel; negative outside the image
    };

    TapTiles(const TapConv& conv, bool backward);

    GroupedImage source, result;
    int64_t sources = 0, results = 0, taps = 0;  // groups, and taps of the kernel
    std::vector<Tile> tiles;
    std::vector<Read> reads;
};

struct TapKernels {
    // Tiles from `first` to `last` (excluded), those of a sample being adjacent. `bias` may be null.
    void (*writeImages)(const TapTiles& all, const float* src, const float* packed, const float* bias, float* dst,
                        int64_t first, int64_t last);
    // The gradient [outs, ins, height, width] for units from `first` to `last` (excluded). Sums over at most 256 pixels
    // or over one row are f32, sums of those double. The result does not depend on how units are shared.
    void (*backwardWeights)(const TapConv& conv, const float* src, const float* diffDst, int64_t first, int64_t last,
                            float* diffKernel);
    // The gradient of the bias for groups of outputs from `first` to `last` (excluded).
    void (*backwardBias)(const TapConv& conv, const float* diffDst, int64_t first, int64_t last, float* diffBias);
};

// The kernels for this CPU; null on x86-64 other than AVX2: there oneDNN's convolutions are as fast in these layouts.
const TapKernels* tapKernels();

}  // namespace normlab
