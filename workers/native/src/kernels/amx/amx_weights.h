// Weight gradients of convolutions in bf16 on AMX tiles, an implicit GEMM over the pixels:
//   dW[oc, ic, tap] = sum over pixels of dY[oc, pixel] * X[ic, pixel + tap]
// The tiles take pixels in pairs: here those at the same place of two
// units (images, or bands of rows of them), so that a tap moves whole pairs. Where rows are no multiple of sixteen
// pixels, the places of two or four pairs of units alternate, so that a tile ends with a row all the same. Such bundles
// of units are transposed into the cache: dY into rows of sixteen pairs, one a channel (tile A), X into the sixteen
// channels of a pair (a row of tile B), with zeros for the border; a tap is an offset into the same B.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/amx/amx_level.h"
#include "kernels/amx/amx_image.h"
#include "base/bf16.h"

namespace normlab {

// The part of the source that some taps read: place (y, x) is its pixel (row + strideY*y, column + strideX*x), which
// may lie beside it; all lanes of places `first` to `last` (excluded) of a row are on the image.
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
    int64_t unitColumns = 16;  // of a unit in a tile
    int64_t group = 0, pieces = 0;  // bundles that are multiplied together; how often that is
    int64_t steps = 0;  // tiles of a row of dY
    int64_t pitch = 0, srcRows = 0;  // of a plane of B: places of a row; rows
    int64_t outTiles = 0, inTiles = 0;
    int64_t columns =
        0;  // tiles of sums in a row: kernel rows, kernel columns, tiles of input channels, the first fastest
    std::vector<AmxWeightsPlane> planes;
    std::vector<int64_t> columnAt;  // where a column begins in B, in places
    // Few channels, channels last: the pixels under a row of the kernel follow each other and are taken as channels of
    // one.
    bool tapsAreLanes = false;
    int64_t tapChannels = 0;  // input channels of the layer

    int64_t bundlesOf(int64_t images) const { return (images * bands + 2 * abreast - 1) / (2 * abreast); }
    int64_t piecesOf(int64_t images) const { return (bundlesOf(images) + group - 1) / group; }
    // Images that fill whole pieces, where a piece is whole images; else 1.
    int64_t imagesTogether() const { return bands == 1 ? group * 2 * abreast : 1; }
    int64_t aBytes() const { return outTiles * band * steps * 1024; }  // of a bundle
    int64_t bBytes() const { return static_cast<int64_t>(planes.size()) * inTiles * srcRows * pitch * 64; }
    int64_t packedBytes() const { return group * (aBytes() + bBytes()); }
    int64_t sumColumns() const { return columns + (withBias ? 1 : 0); }
    int64_t sumBytes() const { return outTiles * sumColumns() * 1024; }
    // Working memory of one thread: what is transposed, sums.
    int64_t threadBytes() const { return packedBytes() + sumBytes(); }
};

// Fills in the derived numbers.
void planAmxWeights(AmxWeights& work);
// Clears a thread's sums.
void amxWeightsBegin(const AmxWeights& work, char* memory);

// So many images that follow each other; `prefetches`: what the thread reads next, or null where that is the next of
// these.
struct WeightImages {
    const Bf16* src = nullptr;
    const Bf16* diffDst = nullptr;
    int64_t samples = 0;
    const PrefetchList* prefetches = nullptr;
};

// Pieces first to last (excluded) of the images, added to the sums in a thread's working memory.
void amxWeightsPart(const AmxWeights& work, const WeightImages& from, int64_t first, int64_t last, char* memory);
// Adds up the threads' sums, in order, into the canonical gradient [oc, ic, kH, kW] and the bias's (null without).
void amxWeightsMerge(const AmxWeights& work, const char* memory, int threads, float* diffWeights, float* diffBias);

}  // namespace normlab
