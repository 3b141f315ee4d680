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
    work.rowWidth = roundUp(out.width, 2);
    work.band = std::min(out.height, std::max<int64_t>(1, kPiecePixels / work.rowWidth));
    const bool whole = work.band == out.height;
    work.group = whole ? std::min(work.samples, std::max<int64_t>(1, kPiecePixels / (work.rowWidth * out.height))) : 1;
    work.pixels = roundUp(work.band * work.rowWidth, kStep);
    work.rowStride = work.pixels + kStep;
    const bool shared = work.strideY == 1;  // vertical taps share their rows
    work.shifts = work.kernelWidth * (shared ? 1 : work.kernelHeight);
    work.srcRows = work.band + (shared ? (work.kernelHeight - 1) * work.dilationY : 0);
    work.srcPixels = (work.srcRows - work.band) * work.rowWidth + work.pixels;
    work.outTiles = (out.channels + 15) / 16;
    work.inTiles = (work.src.channels + 15) / 16;
    work.taps = work.kernelHeight * work.kernelWidth;
    const int64_t bands = (out.height + work.band - 1) / work.band;
    work.pieces = whole ? (work.samples + work.group - 1) / work.group : work.samples * bands;
}

void amxWeightsMerge(const AmxWeights& work, const char* memory, int threads, float* diffWeights, float* diffBias) {
    const int64_t columns = work.taps * work.inTiles + (work.withBias ? 1 : 0), in = work.src.channels;
    const int64_t offset = work.aBytes() + work.bBytes();
    const auto sum = [&](int64_t oc, int64_t column, int64_t lane) {
        float total = 0;
        for (int t = 0; t < threads; ++t) {
            const float* tiles = reinterpret_cast<const float*>(memory + t * work.threadBytes() + offset);
            total += tiles[(oc / 16 * columns + column) * 256 + oc % 16 * 16 + lane];
        }
        return total;
    };
#pragma omp parallel for schedule(static) if (work.diffDst.channels * in * work.taps > 16384)
    for (int64_t oc = 0; oc < work.diffDst.channels; ++oc) {
        for (int64_t ic = 0; ic < in; ++ic)
            for (int64_t tap = 0; tap < work.taps; ++tap)
                diffWeights[(oc * in + ic) * work.taps + tap] = sum(oc, tap * work.inTiles + ic / 16, ic % 16);
        if (diffBias != nullptr) diffBias[oc] = sum(oc, columns - 1, 0);
    }
}

#if NORMLAB_AMX

NORMLAB_AMX_BEGIN
#include "amx_tiles.inc"
#include "amx_weights.inc"
NORMLAB_AMX_END

void amxWeightsPart(const AmxWeights& work, const Bf16* src, const Bf16* diffDst, int64_t first, int64_t last, char* memory) {
    runPieces(work, src, diffDst, first, last, memory);
}

#else

void amxWeightsPart(const AmxWeights&, const Bf16*, const Bf16*, int64_t, int64_t, char*) {}

#endif

}  // namespace normlab
