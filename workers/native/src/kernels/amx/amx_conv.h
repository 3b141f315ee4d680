// Convolutions in bf16 on AMX tiles, forward and data gradient: an implicit GEMM, whose rows are positions. A thread
// copies a few rows of images into a buffer with a border of zeros, in which a row ends where the next begins: a tile
// of 16 positions then runs on over the ends of rows (what falls into the border is not stored), and a tap is an
// offset. A position is a tile row of 64 bytes: 32 channels of a pixel or, where there are only 8 or 16, of several
// pixels side by side. Strides, and the pixels of a position, are taken apart into phases: a forward pass reads several
// planes of source pixels, the results are written phase by phase, each with the taps that fall on it.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/amx/amx_image.h"
#include "base/bf16.h"

namespace normlab {

// A tile product: where its rows begin in the buffer, and what its weights are.
struct AmxConvStep {
    int64_t plane = 0, position = 0;  // of the strip at position 0
    int64_t offset = 0;  // the same in bytes from the start of the buffer
    int64_t channel = 0;  // the first one
    int taps[4] = {-1, -1, -1, -1};  // ky*kernelWidth + kx of each pixel of a position, -1 for none
};

// Pixels (row + stepY*y, column + stepX*x) of the result, for positions (y, x) of the grid; all columns of a row follow
// each other.
struct AmxConvPhase {
    int64_t row = 0, column = 0;
    std::vector<AmxConvStep> steps;
    int64_t packed = 0;  // bytes before its weights in the packed ones
};

// The part of the source at rows strideY*y + row and columns strideX*x + column, from channel `channel`.
struct AmxConvPlane {
    int64_t row = 0, column = 0, channel = 0;
};

struct AmxConv {
    AmxImage src, dst;  // of a data gradient: src is the gradient behind the layer, dst the one before it
    int64_t samples = 0;
    int64_t kernelHeight = 1, kernelWidth = 1, strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
    int64_t padTop = 0, padLeft = 0;
    bool backward = false, withBias = false;

    // Derived by planAmxConv.
    int64_t pixelChannels = 32;  // of one pixel in a position
    int64_t stepY = 1, stepX = 1;
    int64_t gridHeight = 0, gridWidth = 0;  // positions that hold results, a phase
    int64_t planeHeight = 0, planeWidth = 0;  // in positions too
    int64_t firstRow = 0,
            moreRows = 0;  // source rows of a band: those from band + firstRow, as many as the band's + moreRows
    int64_t lead = 0, pitch = 0, tail = 0;  // positions before the first row; of a row; behind the last one
    int64_t imageRows = 0;  // rows from one image of a piece to the next
    int64_t group = 1, band = 0;  // images of a piece; rows of a piece where an image is more than one
    int64_t planeBytes = 0;
    int64_t outTiles = 0, tilesAtOnce = 1;  // of 16 channels
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

// Fills in the derived numbers. False for shapes it leaves alone.
bool planAmxConv(AmxConv& work);
// Rounds the canonical weights [oc, ic, kH, kW] into the order of the tiles; output tiles first to last (excluded).
void amxConvPack(const AmxConv& work, const float* weights, int64_t first, int64_t last, char* packed);
// Rows first to last (excluded) of the grid, counted through the images that begin at src and dst (gridHeight an
// image). `bias` may be null, `memory` is the thread's own; `prefetches`: what the thread reads next.
void amxConvPart(const AmxConv& work, const Bf16* src, const char* packed, const float* bias, Bf16* dst, int64_t first,
                 int64_t last, char* memory, const PrefetchList& prefetches);

}  // namespace normlab
