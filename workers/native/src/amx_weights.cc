#include "amx_weights.h"

#include <algorithm>
#include <cstring>

#include "amx_level.h"

namespace normlab {
namespace {

constexpr int64_t kPiecePixels = 1024;  // about what a piece holds: the sums are loaded and stored once a piece
constexpr int64_t kStep = 32;           // pixels of one tile product

int64_t roundUp(int64_t value, int64_t unit) {
    return (value + unit - 1) / unit * unit;
}

}  // namespace

void planAmxWeights(AmxWeights& work) {
    const AmxPicture& out = work.diffDst;
    work.tapChannels = work.src.channels;
    work.tapsAreLanes = work.src.channels < 16 && work.src.pixelStride == work.src.channels && work.kernelWidth > 1 && work.dilationX == 1;
    if (work.tapsAreLanes) work.src.channels *= work.kernelWidth;
    const int64_t across = work.tapsAreLanes ? 1 : work.kernelWidth;
    work.rowWidth = roundUp(out.width, 2);
    work.band = std::min(out.height, std::max<int64_t>(1, kPiecePixels / work.rowWidth));
    const bool whole = work.band == out.height;
    work.bands = (out.height + work.band - 1) / work.band;
    work.group = whole ? std::min(work.samples, std::max<int64_t>(1, kPiecePixels / (work.rowWidth * out.height))) : 1;
    work.pixels = roundUp(work.band * work.rowWidth, kStep);
    work.rowStride = work.pixels + kStep;
    const bool shared = work.strideY == 1;  // vertical taps share their rows
    work.arrays = shared ? 1 : work.kernelHeight;
    work.srcRows = work.band + (shared ? (work.kernelHeight - 1) * work.dilationY : 0);
    work.srcPixels = (work.srcRows - work.band) * work.rowWidth + work.pixels;
    work.outTiles = (out.channels + 15) / 16;
    work.inTiles = (work.src.channels + 15) / 16;
    work.columns = work.kernelHeight * work.inTiles * across;
    work.pieces = work.piecesOf(work.samples);
}

namespace {

// The gradients of one output channel and sixteen input channels of the sums, at `taps` elements a channel.
void mergeRow(const AmxWeights& work, const float* first, int64_t threadFloats, int threads, int64_t oc, int64_t tile, float* to) {
    const int64_t across = work.tapsAreLanes ? 1 : work.kernelWidth, high = work.kernelHeight, taps = high * work.kernelWidth;
    const int64_t lanes = std::min<int64_t>(16, work.src.channels - tile * 16);
    for (int64_t kx = 0; kx < across; ++kx) {
        for (int64_t ky = 0; ky < high; ++ky) {
            const int64_t column = (kx * work.inTiles + tile) * high + ky;
            const float* from = first + (oc / 16 * work.sumColumns() + column) * 256 + oc % 16 * 16;
            float total[16] = {};
            for (int t = 0; t < threads; ++t)
                for (int64_t i = 0; i < 16; ++i) total[i] += from[t * threadFloats + i];
            for (int64_t i = 0; i < lanes; ++i) {
                const int64_t lane = tile * 16 + i, ic = work.tapsAreLanes ? lane % work.tapChannels : lane;
                to[ic * taps + ky * work.kernelWidth + (work.tapsAreLanes ? lane / work.tapChannels : kx)] = total[i];
            }
        }
    }
}

}  // namespace

void amxWeightsMerge(const AmxWeights& work, const char* memory, int threads, float* diffWeights, float* diffBias) {
    const float* first = reinterpret_cast<const float*>(memory + work.aBytes() + work.bBytes());
    const int64_t apart = work.threadBytes() / 4, perChannel = work.tapChannels * work.kernelHeight * work.kernelWidth;
#pragma omp parallel for schedule(static) if (work.diffDst.channels * perChannel > 16384)
    for (int64_t oc = 0; oc < work.diffDst.channels; ++oc) {
        for (int64_t tile = 0; tile < work.inTiles; ++tile)
            mergeRow(work, first, apart, threads, oc, tile, diffWeights + oc * perChannel);
        if (diffBias == nullptr) continue;
        float total = 0;
        for (int t = 0; t < threads; ++t)
            total += first[t * apart + (oc / 16 * work.sumColumns() + work.columns) * 256 + oc % 16 * 16];
        diffBias[oc] = total;
    }
}

void amxWeightsBegin(const AmxWeights& work, char* memory) {
    std::memset(memory + work.aBytes() + work.bBytes(), 0, static_cast<size_t>(work.sumBytes()));
}

#if NORMLAB_AMX

NORMLAB_AMX_BEGIN
#include "amx_tiles.inc"
#include "amx_weights_turn.inc"
#include "amx_weights_run.inc"
NORMLAB_AMX_END

void amxWeightsPart(const AmxWeights& work, const WeightPictures& from, int64_t first, int64_t last, char* memory) {
    runPieces(work, from, first, last, memory);
}

#else

void amxWeightsPart(const AmxWeights&, const WeightPictures&, int64_t, int64_t, char*) {}

#endif

}  // namespace normlab
