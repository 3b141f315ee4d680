// Depthwise convolutions in f32: each channel has a kernel of 3x3 or 5x5 and one output. The stride is 1 or 2 in both
// directions. There are at least sixteen channels. With the kernel k of a channel, sums over its rows a and columns b:
//   y[i, j] = bias + sum k[a, b] * x[i * stride - padTop + a, j * stride - padLeft + b]
//   dx[i, j] = sum k[a, b] * dy[(i + padTop - a) / stride, (j + padLeft - b) / stride], where both can be divided
//   dk[a, b] = sum over samples and (i, j) of dy[i, j] * x[i * stride - padTop + a, j * stride - padLeft + b]
// The loops are bound by memory. They read and write the layout of the images around them, channels last or blocks of
// sixteen, so that no reorder is needed.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/lanes/grouped_image.h"

namespace normlab {

constexpr int64_t kDepthwiseMostTaps = 5;

struct DepthwiseConv {
    GroupedImage src, dst;
    int64_t samples = 0, channels = 0;
    int64_t kernel = 0, stride = 1, padTop = 0, padLeft = 0;
    bool isBlocked = false;  // both in blocks of sixteen channels, the last one padded with zeros; else channels last
    bool withBias = false;  // for weight gradients

    int64_t groups() const { return (channels + 15) / 16; }
    int64_t taps() const { return kernel * kernel; }
    // Without padding, the last group begins earlier and shares channels with the one before it, so that it is whole.
    int64_t firstChannel(int64_t group) const { return isBlocked ? group * 16 : std::min(group * 16, channels - 16); }

    // The lines of an image, which threads share: rows of pixels with all channels, or with one block of them.
    int64_t linesOfSample(const GroupedImage& image) const { return image.height * (isBlocked ? groups() : 1); }
    // Weight gradients sum the products of at most 128 outputs, or of one row, in f32, everything above in double.
    int64_t rowsOfRun() const { return std::min(dst.height, std::max<int64_t>(1, 128 / dst.width)); }
    int64_t runs() const { return samples * ((dst.height + rowsOfRun() - 1) / rowsOfRun()); }
    int64_t packedFloats() const { return groups() * (taps() + 1) * 16; }
    // Sums of a thread: [group][tap, and one for the bias][16].
    int64_t sumDoubles() const { return groups() * (taps() + 1) * 16; }
};

// Packs the kernels [channels, 1, kernel, kernel] of groups from `first` to `last` (excluded) as [group][tap][16], each
// group followed by its bias (zero if null). `flipped`: for the data gradient, the columns of each row are sorted by
// their remainder of the stride and then in descending order.
void packDepthwise(const DepthwiseConv& conv, const float* kernel, const float* bias, bool flipped, int64_t first,
                   int64_t last, float* packed);
// Adds the sums of all threads in order, for groups from `first` to `last` (excluded).
void mergeDepthwise(const DepthwiseConv& conv, const double* sums, int64_t threads, int64_t first, int64_t last,
                    float* diffKernel, float* diffBias);

struct DepthwiseKernels {
    // Lines of dst from `first` to `last` (excluded); src and dst are in the same layout.
    void (*forward)(const DepthwiseConv& conv, const float* src, const float* packed, float* dst, int64_t first,
                    int64_t last);
    // Lines of diffSrc, from the gradient of dst and the flipped kernels.
    void (*backwardData)(const DepthwiseConv& conv, const float* diffDst, const float* packed, float* diffSrc,
                         int64_t first, int64_t last);
    // The sums of the runs of rows from `first` to `last` (excluded).
    void (*accumulateWeights)(const DepthwiseConv& conv, const float* src, const float* diffDst, int64_t first,
                              int64_t last, double* sums);
};

// The kernels for this CPU; null where it has no AVX2.
const DepthwiseKernels* depthwiseKernels();

}  // namespace normlab
