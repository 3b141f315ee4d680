// Weight gradients of convolutions in bf16 on AMX tiles, an implicit GEMM over the pixels:
//   dW[oc, ic, tap] = sum over pixels of dY[oc, pixel] * X[ic, pixel + tap]
// Tiles multiply pixels in pairs. A pair holds the pixels at the same place of two units (images, or bands of image
// rows), so that a tap moves whole pairs. Where the row length is no multiple of sixteen pixels, the places of two or
// four pairs of units are interleaved, so that a tile still ends with a row. The units of such a bundle are transposed
// into the cache: dY into tile A, with one row of sixteen pairs per channel; X into tile B, with one row of sixteen
// channels per pair and zeros for the border. A tap is an offset in B.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/amx/amx_level.h"
#include "kernels/amx/amx_image.h"
#include "base/bf16.h"

namespace normlab {

// The part of the source that some taps read. Place (y, x) is the source pixel (row + strideY*y, column + strideX*x),
// which may lie outside the image. Places `first` to `last` (excluded) of a row have all lanes inside it.
struct AmxWeightsPlane {
    int64_t row = 0, column = 0;
    int64_t first = 0, last = 0;
};

struct AmxWeights {
    AmxImage src, diffDst;
    int64_t samples = 0;
    int64_t kernelHeight = 1, kernelWidth = 1, strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
    int64_t padTop = 0, padLeft = 0;
    bool withBias = false;

    // Derived by planAmxWeights.
    int64_t band = 0, bands = 0;  // rows of a unit; units of an image
    int64_t abreast = 1;  // pairs of units in a bundle
    int64_t unitColumns = 16;  // columns of a unit in a tile
    int64_t group = 0, pieces = 0;  // bundles multiplied together (a piece); number of pieces
    int64_t steps = 0;  // tiles in a row of dY
    int64_t pitch = 0, srcRows = 0;  // of a plane of B: places per row; rows
    int64_t outTiles = 0, inTiles = 0;
    // Tiles of sums in a row: over kernel rows, kernel columns and input channel tiles, the first fastest.
    int64_t columns = 0;
    std::vector<AmxWeightsPlane> planes;
    std::vector<int64_t> columnAt;  // start of each column in B, in places
    // Few channels, channels last: the adjacent pixels under a kernel row are treated as channels of one pixel.
    bool tapsAreLanes = false;
    int64_t tapChannels = 0;  // input channels of the layer

    int64_t bundlesOf(int64_t images) const { return (images * bands + 2 * abreast - 1) / (2 * abreast); }
    int64_t piecesOf(int64_t images) const { return (bundlesOf(images) + group - 1) / group; }
    // Images that fill whole pieces where a piece consists of whole images, else 1.
    int64_t imagesTogether() const { return bands == 1 ? group * 2 * abreast : 1; }
    int64_t aBytes() const { return outTiles * band * steps * 1024; }  // of a bundle
    int64_t bBytes() const { return static_cast<int64_t>(planes.size()) * inTiles * srcRows * pitch * 64; }
    int64_t packedBytes() const { return group * (aBytes() + bBytes()); }
    int64_t sumColumns() const { return columns + (withBias ? 1 : 0); }
    int64_t sumBytes() const { return outTiles * sumColumns() * 1024; }
    // Working memory of one thread: transposed data and sums.
    int64_t threadBytes() const { return packedBytes() + sumBytes(); }
};

// Computes the derived fields.
void planAmxWeights(AmxWeights& work);
void amxWeightsBegin(const AmxWeights& work, char* memory);

// Consecutive images. `prefetches`: what the thread reads next; null where it continues with these images.
struct WeightImages {
    const Bf16* src = nullptr;
    const Bf16* diffDst = nullptr;
    int64_t samples = 0;
    const PrefetchList* prefetches = nullptr;
};

// Adds pieces first to last (excluded) of the images to the sums in a thread's working memory.
void amxWeightsPart(const AmxWeights& work, const WeightImages& from, int64_t first, int64_t last, char* memory);
// Adds up the threads' sums, in order, into the canonical gradient [oc, ic, kH, kW] and that of the bias (or null).
void amxWeightsMerge(const AmxWeights& work, const char* memory, int threads, float* diffWeights, float* diffBias);

}  // namespace normlab
