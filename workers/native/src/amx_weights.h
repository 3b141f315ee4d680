// Weight gradients of convolutions in bf16 on AMX tiles: dW[oc, ic, tap] = sum over pixels of dY[oc, pixel] * X[ic, pixel + tap], a
// matrix product over the pixels. Pictures are turned piece by piece into cache: dY into rows of pixels (tile A), X into pairs of
// pixels (tile B) once a column of the kernel, with zeros for the border; vertical taps are offsets into the same rows.
#pragma once

#include <cstdint>

#include "amx_level.h"
#include "amx_picture.h"
#include "bf16.h"

namespace normlab {

struct AmxWeights {
    AmxPicture src, diffDst;
    int64_t samples = 0;
    int64_t kernelHeight = 1, kernelWidth = 1, strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
    int64_t padTop = 0, padLeft = 0;

    // Derived by planAmxWeights.
    int64_t band = 0, group = 0, bands = 1;  // rows of a piece; pictures of a piece; pieces of a picture
    int64_t rowWidth = 0, srcRows = 0, pixels = 0, srcPixels = 0;
    int64_t rowStride = 0;  // elements between the rows of A: not a power of two, whose rows would share few cache sets
    int64_t outTiles = 0, inTiles = 0;
    int64_t arrays = 0;  // B for one kernel column: one for all its taps, or one each where the window strides downwards
    int64_t columns = 0;  // tiles of sums in a row: kernel rows, tiles of input channels, kernel columns, the first fastest
    // Few channels, channels last: the pixels under a row of the kernel follow each other and are taken as channels of one.
    bool tapsAreLanes = false;
    int64_t tapChannels = 0;  // input channels of the layer
    int64_t pieces = 0;
    bool withBias = false;

    int64_t piecesOf(int64_t pictures) const { return bands == 1 ? (pictures + group - 1) / group : pictures * bands; }
    int64_t aBytes() const { return group * outTiles * 16 * rowStride * 2; }
    int64_t bBytes() const { return group * arrays * inTiles * srcPixels * 32; }
    int64_t sumColumns() const { return columns + (withBias ? 1 : 0); }
    int64_t sumBytes() const { return outTiles * sumColumns() * 1024; }
    // Working memory of one thread.
    int64_t threadBytes() const { return aBytes() + bBytes() + sumBytes(); }
};

// Fills in the derived numbers.
void planAmxWeights(AmxWeights& work);
// Clears a thread's sums.
void amxWeightsBegin(const AmxWeights& work, char* memory);

// So many pictures that follow each other; `asks` is what the thread reads next, null where that is the next of these.
struct WeightPictures {
    const Bf16* src = nullptr;
    const Bf16* diffDst = nullptr;
    int64_t samples = 0;
    const AmxAsks* asks = nullptr;
};

// Pieces first to last (excluded) of the pictures, added to the sums in a thread's working memory.
void amxWeightsPart(const AmxWeights& work, const WeightPictures& from, int64_t first, int64_t last, char* memory);
// Adds up the threads' sums, in order, into the canonical gradient [oc, ic, kH, kW] and the bias's (null without).
void amxWeightsMerge(const AmxWeights& work, const char* memory, int threads, float* diffWeights, float* diffBias);

}  // namespace normlab
