#include "kernels/amx/amx_weights.h"

#include <algorithm>
#include <cstring>

#include "kernels/amx/amx_level.h"

namespace normlab {
namespace {

constexpr int64_t kUnitPixels = 1024;        // approximate size of a unit
constexpr int64_t kPieceSteps = 64;  // approximate size of a piece: the sums are loaded and stored once per piece,
constexpr int64_t kPieceBytes = 192 << 10;  // and its transposed data stays in the second-level cache

int64_t roundUp(int64_t value, int64_t unit) {
    return (value + unit - 1) / unit * unit;
}

int64_t floorDiv(int64_t a, int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// The taps along one axis: tap k reads place p + offset of a plane that begins at pixel `start`.
struct AxisTap {
    int64_t start, offset;
};

struct AxisTaps {
    std::vector<AxisTap> taps;
    int64_t more = 0;  // places read after the last one
};

AxisTaps tapsOf(int64_t kernel, int64_t stride, int64_t dilation, int64_t pad) {
    AxisTaps out;
    const int64_t least = floorDiv(-pad, stride);
    for (int64_t k = 0; k < kernel; ++k) {
        const int64_t at = k * dilation - pad, offset = floorDiv(at, stride) - least;
        out.taps.push_back({at - offset * stride, offset});
        out.more = std::max(out.more, offset);
    }
    return out;
}

int64_t planeIndex(AmxWeights& work, int64_t row, int64_t column) {
    for (size_t i = 0; i < work.planes.size(); ++i)
        if (work.planes[i].row == row && work.planes[i].column == column) return static_cast<int64_t>(i);
    const int64_t places = work.pitch / work.abreast, reach = work.tapsAreLanes ? work.kernelWidth : 1;
    const int64_t first = std::clamp<int64_t>(-floorDiv(column, work.strideX), 0, places);
    const int64_t end = floorDiv(work.src.width - reach - column, work.strideX) + 1;
    work.planes.push_back({row, column, first, std::clamp(end, first, places)});
    return static_cast<int64_t>(work.planes.size()) - 1;
}

// Chooses the number of pairs of units in a bundle that leaves the fewest empty places at the end of a row.
void chooseUnits(AmxWeights& work) {
    const AmxImage& out = work.diffDst;
    const auto placesOf = [&](int64_t abreast) { return roundUp(out.width, 16 / abreast); };
    work.abreast = 1;
    for (const int64_t abreast : {2, 4})
        if (placesOf(abreast) < placesOf(work.abreast)) work.abreast = abreast;
    work.unitColumns = 16 / work.abreast;
    work.steps = placesOf(work.abreast) / work.unitColumns;
    const int64_t rows = std::clamp<int64_t>(kUnitPixels / out.width, 1, out.height);
    const int64_t least =
        std::max((out.height + rows - 1) / rows, (2 * work.abreast + work.samples - 1) / work.samples);
    work.band = (out.height + std::min(least, out.height) - 1) / std::min(least, out.height);
    work.bands = (out.height + work.band - 1) / work.band;
}

void placeColumns(AmxWeights& work, const AxisTaps& y, const AxisTaps& x) {
    work.planes.clear();
    work.columnAt.clear();
    for (int64_t tile = 0; tile < work.inTiles; ++tile) {
        for (const AxisTap& tx : x.taps) {
            for (const AxisTap& ty : y.taps) {
                const int64_t plane = planeIndex(work, ty.start, tx.start) * work.inTiles + tile;
                work.columnAt.push_back((plane * work.srcRows + ty.offset) * work.pitch + tx.offset * work.abreast);
            }
        }
    }
    work.columns = static_cast<int64_t>(work.columnAt.size());
}

}  // namespace

void planAmxWeights(AmxWeights& work) {
    work.tapChannels = work.src.channels;
    work.tapsAreLanes = work.src.channels < 16 && work.src.pixelStride == work.src.channels && work.kernelWidth > 1 &&
                        work.dilationX == 1;
    if (work.tapsAreLanes) work.src.channels *= work.kernelWidth;
    work.outTiles = (work.diffDst.channels + 15) / 16;
    work.inTiles = (work.src.channels + 15) / 16;
    chooseUnits(work);
    const AxisTaps y = tapsOf(work.kernelHeight, work.strideY, work.dilationY, work.padTop);
    const AxisTaps x = tapsOf(work.tapsAreLanes ? 1 : work.kernelWidth, work.strideX, work.dilationX, work.padLeft);
    work.pitch = work.steps * 16 + x.more * work.abreast;
    work.srcRows = work.band + y.more;
    placeColumns(work, y, x);
    const int64_t steps = work.band * work.steps,
                  most = std::min(kPieceSteps / steps, kPieceBytes / (work.aBytes() + work.bBytes()));
    work.group = std::clamp<int64_t>(most, 1, work.bundlesOf(work.samples));
    work.pieces = work.piecesOf(work.samples);
}

namespace {

// Adds the threads' sums for one output channel and sixteen input channels. The gradient has `taps` elements per input
// channel.
void mergeRow(const AmxWeights& work, const float* first, int64_t threadFloats, int threads, int64_t oc, int64_t tile,
              float* to) {
    const int64_t across = work.tapsAreLanes ? 1 : work.kernelWidth, high = work.kernelHeight,
                  taps = high * work.kernelWidth;
    const int64_t lanes = std::min<int64_t>(16, work.src.channels - tile * 16);
    for (int64_t kx = 0; kx < across; ++kx) {
        for (int64_t ky = 0; ky < high; ++ky) {
            const int64_t column = (tile * across + kx) * high + ky;
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
    const float* first = reinterpret_cast<const float*>(memory + work.packedBytes());
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
    std::memset(memory + work.packedBytes(), 0, static_cast<size_t>(work.sumBytes()));
}

#if NORMLAB_AMX

NORMLAB_AMX_BEGIN
#include "kernels/amx/amx_tiles.inc"
#include "kernels/amx/amx_weights_transpose.inc"
#include "kernels/amx/amx_weights_run.inc"
NORMLAB_AMX_END

void amxWeightsPart(const AmxWeights& work, const WeightImages& from, int64_t first, int64_t last, char* memory) {
    runPieces(work, from, first, last, memory);
}

#else

void amxWeightsPart(const AmxWeights&, const WeightImages&, int64_t, int64_t, char*) {}

#endif

}  // namespace normlab
