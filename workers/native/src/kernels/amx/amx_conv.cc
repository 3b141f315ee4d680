#include "kernels/amx/amx_conv.h"

#include <algorithm>
#include <cstring>

#include "kernels/amx/amx_level.h"

namespace normlab {
namespace {

constexpr int64_t kBufferBytes = 96 << 10;       // about the bytes of a piece; small images are grouped
constexpr int64_t kLargestBuffer = 512 << 10;    // an image above it is cut into bands of rows
constexpr int64_t kPackedAtOnce = 512 << 10;     // weights that stay in the second-level cache during a piece
constexpr int64_t kSums = 24;                    // tiles of sums that stay in the first-level cache
constexpr int64_t kTail = 24;                    // positions after the last tap that tiles may read

int64_t floorDiv(int64_t a, int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t ceilDiv(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

// A kernel element along one axis. The result at position p of phase `phase` reads pixel `slot` of position p + offset
// in plane `plane`.
struct AxisTap {
    int64_t index, plane, offset, slot, phase;
};

// `pixels`: pixels of a position.
std::vector<AxisTap> tapsOf(bool backward, int64_t kernel, int64_t stride, int64_t dilation, int64_t pad,
                            int64_t pixels) {
    std::vector<AxisTap> out;
    const int64_t phases = backward ? stride : 1;
    for (int64_t phase = 0; phase < phases * pixels; ++phase) {
        for (int64_t k = 0; k < kernel; ++k) {
            const int64_t at = backward ? phase % stride + pad - k * dilation : k * dilation - pad;
            const int64_t apart = floorDiv(at, stride), rest = at - apart * stride, pixel = apart + phase / phases;
            if (backward && rest != 0) continue;
            const int64_t offset = floorDiv(pixel, pixels);
            out.push_back({k, backward ? 0 : rest, offset, pixel - offset * pixels, phase});
        }
    }
    return out;
}

struct Axis {
    int64_t least = 0, most = 0;  // offsets
    int64_t before = 0, behind = 0;  // zeros needed before and after a plane

    Axis(const std::vector<AxisTap>& taps, int64_t grid, int64_t plane) {
        if (taps.empty()) return;
        least = most = taps.front().offset;
        for (const AxisTap& tap : taps) {
            least = std::min(least, tap.offset);
            most = std::max(most, tap.offset);
        }
        before = std::max<int64_t>(0, -least);
        behind = std::max<int64_t>(0, grid + most - plane);
    }
};

int64_t planeIndex(AmxConv& work, int64_t row, int64_t column, int64_t channel) {
    for (size_t i = 0; i < work.planes.size(); ++i) {
        const AmxConvPlane& plane = work.planes[i];
        if (plane.row == row && plane.column == column && plane.channel == channel) return static_cast<int64_t>(i);
    }
    work.planes.push_back({row, column, channel});
    return static_cast<int64_t>(work.planes.size()) - 1;
}

struct Taps {
    std::vector<AxisTap> y, x;
};

// Adds the steps of one phase, kernel row and channel block. A step covers all taps that fall on one position.
void addSteps(AmxConv& work, AmxConvPhase& phase, const AxisTap& ty, const std::vector<AxisTap>& taps,
              int64_t channel) {
    const size_t first = phase.steps.size();
    for (const AxisTap& tx : taps) {
        if (tx.phase != phase.column) continue;
        const int64_t plane = planeIndex(work, ty.plane, tx.plane, channel);
        const int64_t position = (ty.offset - work.firstRow) * work.pitch + tx.offset + work.lead;
        size_t at = first;
        while (at < phase.steps.size() && (phase.steps[at].plane != plane || phase.steps[at].position != position))
            ++at;
        if (at == phase.steps.size()) {
            AmxConvStep step;
            step.plane = plane;
            step.position = position;
            step.channel = channel;
            phase.steps.push_back(step);
        }
        phase.steps[at].taps[tx.slot] = static_cast<int>(ty.index * work.kernelWidth + tx.index);
    }
}

void addPhases(AmxConv& work, const std::vector<AxisTap>& y, const std::vector<AxisTap>& x) {
    for (int64_t row = 0; row < work.stepY; ++row) {
        for (int64_t column = 0; column < work.stepX; ++column) {
            AmxConvPhase phase;
            phase.row = row;
            phase.column = column;
            for (int64_t channel = 0; channel < work.src.channels; channel += work.pixelChannels)
                for (const AxisTap& ty : y)
                    if (ty.phase == row) addSteps(work, phase, ty, x, channel);
            work.phases.push_back(std::move(phase));
        }
    }
}

// Chooses the images of a piece, or the rows of a band where one image exceeds the cache.
void choosePieces(AmxConv& work) {
    const int64_t planes = static_cast<int64_t>(work.planes.size());
    const auto bytesOf = [&](int64_t rows) {
        const int64_t positions = work.lead + (rows + work.moreRows) * work.pitch + work.tail;
        return positions * 64;
    };
    const int64_t least = work.packedBytes() > kPackedAtOnce / 2 ? 2 * kBufferBytes : kBufferBytes;
    work.band = work.gridHeight;
    while (work.band > 1 && bytesOf(work.band) * planes > kLargestBuffer) work.band = (work.band + 1) / 2;
    work.group = 1;
    if (work.band == work.gridHeight) {
        const int64_t image = std::max<int64_t>(1, work.imageRows * work.pitch * 64 * planes);
        work.group = std::clamp<int64_t>(least / image, 1, work.samples);
    }
    work.planeBytes = bytesOf(work.band == work.gridHeight ? (work.group - 1) * work.imageRows + work.band : work.band);
}

void placeSteps(AmxConv& work) {
    int64_t packed = 0;
    for (AmxConvPhase& phase : work.phases) {
        for (AmxConvStep& step : phase.steps) step.offset = step.plane * work.planeBytes + step.position * 64;
        phase.packed = packed;
        packed += static_cast<int64_t>(phase.steps.size()) * work.outTiles * 1024;
    }
}

}  // namespace

int64_t AmxConv::packedBytes() const {
    int64_t steps = 0;
    for (const AmxConvPhase& phase : phases) steps += static_cast<int64_t>(phase.steps.size());
    return steps * outTiles * 1024;
}

bool planAmxConv(AmxConv& work) {
    const int64_t channels = work.src.channels;
    work.pixelChannels = channels <= 8 ? 8 : channels <= 16 ? 16 : 32;
    work.stepY = work.backward ? work.strideY : 1;
    work.stepX = (work.backward ? work.strideX : 1) * work.pixels();
    const auto tapsY = tapsOf(work.backward, work.kernelHeight, work.strideY, work.dilationY, work.padTop, 1);
    const auto tapsX =
        tapsOf(work.backward, work.kernelWidth, work.strideX, work.dilationX, work.padLeft, work.pixels());
    const int64_t planesY = work.backward ? 1 : work.strideY, planesX = work.backward ? 1 : work.strideX;
    work.gridHeight = ceilDiv(work.dst.height, work.stepY);
    work.gridWidth = ceilDiv(work.dst.width, work.stepX);
    work.planeHeight = ceilDiv(work.src.height, planesY);
    work.planeWidth = ceilDiv(ceilDiv(work.src.width, planesX), work.pixels());
    const Axis y(tapsY, work.gridHeight, work.planeHeight), x(tapsX, work.gridWidth, work.planeWidth);
    work.firstRow = y.least;
    work.moreRows = y.most - y.least;
    work.lead = x.before;
    work.pitch = std::max(work.planeWidth + std::max(x.before, x.behind), work.gridWidth);
    work.imageRows = std::max(work.planeHeight + std::max(y.before, y.behind), work.gridHeight);
    work.tail = kTail + std::max<int64_t>(0, x.most);
    if (work.pitch * (work.imageRows + work.moreRows) > 1 << 26) return false;
    work.stripsAtOnce = std::clamp<int64_t>(kSums / work.stepX, 1, 6);
    work.outTiles = (work.dst.channels + 15) / 16;
    work.planes.clear();
    work.phases.clear();
    addPhases(work, tapsY, tapsX);
    choosePieces(work);
    placeSteps(work);
    const int64_t tileBytes = std::max<int64_t>(1, work.packedBytes() / work.outTiles);
    work.tilesAtOnce = std::clamp<int64_t>(kPackedAtOnce / tileBytes, 1, work.outTiles);
    return true;
}

#if NORMLAB_AMX

NORMLAB_AMX_BEGIN
#include "kernels/amx/amx_tiles.inc"
#include "kernels/amx/amx_conv_fill.inc"
#include "kernels/amx/amx_conv_run.inc"
NORMLAB_AMX_END

void amxConvPack(const AmxConv& work, const float* weights, int64_t first, int64_t last, char* packed) {
    packTiles(work, weights, first, last, packed);
}

void amxConvPart(const AmxConv& work, const Bf16* src, const char* packed, const float* bias, Bf16* dst, int64_t first,
                 int64_t last, char* memory, const PrefetchList& prefetches) {
    runRows(work, src, packed, bias, dst, first, last, memory, prefetches);
}

#else

void amxConvPack(const AmxConv&, const float*, int64_t, int64_t, char*) {}
void amxConvPart(const AmxConv&, const Bf16*, const char*, const float*, Bf16*, int64_t, int64_t, char*,
                 const PrefetchList&) {}

#endif

}  // namespace normlab
