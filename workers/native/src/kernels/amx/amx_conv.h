// Convolutions in bf16 on AMX tiles, forward and data gradient: an implicit GEMM whose rows are positions. A position
// is a tile row of 64 bytes: 32 channels of one pixel or, with few channels, the channels of 2 or 4 adjacent pixels. A
// thread copies a few image rows into a buffer with a border of zeros, where each row begins directly after the
// previous one. A tile of 16 positions can therefore extend over the end of a row; results in the border are not
// stored. A tap is an offset in the buffer. Strides and the pixels of a position are split into phases: a forward pass
// reads several planes of source pixels, and the results of each phase are computed with the taps that fall on it.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/amx/amx_image.h"
#include "base/bf16.h"

namespace normlab {

// A tile product: the start of its rows in the buffer, and its weights.
struct AmxConvStep {
    int64_t plane = 0, position = 0;  // the plane, and the position in it that belongs to position 0 of the results
    int64_t offset = 0;  // the same in bytes from the start of the buffer
    int64_t channel = 0;  // the first source channel
    int taps[4] = {-1, -1, -1, -1};  // ky*kernelWidth + kx for each pixel of a position, -1 for none
};

// The result pixels (row + stepY*y, column + stepX*x) for positions (y, x) of the grid. The phases of a row are
// adjacent, in the order of their columns.
struct AmxConvPhase {
    int64_t row = 0, column = 0;
    std::vector<AmxConvStep> steps;
    int64_t packed = 0;  // offset of its weights in the packed weights, in bytes
};

// The source pixels at rows strideY*y + row and columns strideX*x + column, from channel `channel` on.
struct AmxConvPlane {
    int64_t row = 0, column = 0, channel = 0;
};

struct AmxConv {
    AmxImage src, dst;  // in a data gradient: src is the gradient of the output, dst that of the input
    int64_t samples = 0;
    int64_t kernelHeight = 1, kernelWidth = 1, strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
    int64_t padTop = 0, padLeft = 0;
    bool backward = false, withBias = false;

    // Derived by planAmxConv.
    int64_t pixelChannels = 32;  // channels that a position holds of each pixel
    int64_t stepY = 1, stepX = 1;
    int64_t gridHeight = 0, gridWidth = 0;  // positions of a phase that hold results
    int64_t planeHeight = 0, planeWidth = 0;  // in positions
    // A band reads source rows from band + firstRow on, moreRows more than it has itself.
    int64_t firstRow = 0, moreRows = 0;
    int64_t lead = 0, pitch = 0, tail = 0;  // positions before the first row; per row; after the last row
    int64_t imageRows = 0;  // buffer rows from one image of a piece to the next
    int64_t group = 1, band = 0;  // images of a piece; rows of a piece (less than an image: a band)
    int64_t planeBytes = 0;
    int64_t outTiles = 0, tilesAtOnce = 1;  // tiles of 16 output channels
    int64_t stripsAtOnce = 1;
    std::vector<AmxConvPlane> planes;
    std::vector<AmxConvPhase> phases;

    int64_t pixels() const { return 32 / pixelChannels; }  // of a position
    int64_t rows() const { return samples * gridHeight; }
    int64_t packedBytes() const;
    int64_t bufferBytes() const { return planeBytes * static_cast<int64_t>(planes.size()); }
    // Working memory of one thread: buffer, sums, bias.
    int64_t threadBytes() const { return bufferBytes() + stripsAtOnce * stepX * 1024 + outTiles * 64; }
};

// Computes the derived fields. Returns false for shapes that are not supported.
bool planAmxConv(AmxConv& work);
// Packs the canonical weights [oc, ic, kH, kW] in bf16 in tile order, for output tiles first to last (excluded).
void amxConvPack(const AmxConv& work, const float* weights, int64_t first, int64_t last, char* packed);
// Computes grid rows first to last (excluded), counted over the images that begin at src and dst (gridHeight rows an
// image). `bias` may be null. `memory` is the thread's own. `prefetches`: what the thread reads next.
void amxConvPart(const AmxConv& work, const Bf16* src, const char* packed, const float* bias, Bf16* dst, int64_t first,
                 int64_t last, char* memory, const PrefetchList& prefetches);

}  // namespace normlab
