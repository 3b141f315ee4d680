#include "ops/shared/norm_grid.h"

#include "kernels/lanes/lanes.h"

namespace normlab {
namespace {

// Values of a run, so that the runs of three tensors fit the L2 cache; and the pixels that it has at least.
constexpr int64_t kRunElements = 1 << 14, kRunPixels = 64;

}  // namespace

std::optional<NormGrid> normGridOf(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!NORMLAB_VECTORS || !layout) return std::nullopt;
    const Dims dims = compat::dimsOf(desc);
    const bool blocked = layout->block == 16;
    const bool row = layout->block == 1 && (layout->blockStride == 1 || layout->channels == 1);
    if (!blocked && !row) return std::nullopt;
    NormGrid out;
    out.channels = layout->channels;
    out.groups = (layout->channels + 15) / 16;
    out.groupStride = blocked ? layout->blockStride : 16;
    out.isBlocked = blocked;
    if (layout->pixels == 1) {
        out.samples = 1;
        out.unit.pixels = layout->samples;
        out.unit.stride = layout->sampleStride;
        return out;
    }
    if (row && layout->pixelStride < layout->channels) return std::nullopt;
    out.samples = layout->samples;
    out.sampleStride = layout->sampleStride;
    out.unit.pixels = layout->pixels;
    out.unit.stride = layout->pixelStride;
    out.unit.height = dims[2];
    out.unit.width = dims[3];
    return out;
}

NormGrid inRuns(const NormGrid& grid) {
    const int64_t stride = grid.unit.stride, pixels = grid.unit.pixels;
    if (grid.isBlocked || grid.groups == 1 || grid.unit.height == 0 || grid.sampleStride != pixels * stride)
        return grid;
    const int64_t most = std::max(kRunElements / stride, kRunPixels);
    int64_t runs = 1;
    while (runs < pixels && (pixels % runs != 0 || pixels / runs > most)) ++runs;
    if (runs == 1 || pixels / runs < kRunPixels / 2) return grid;
    NormGrid out = grid;
    out.samples = grid.samples * runs;
    out.unit.pixels = pixels / runs;
    out.unit.height = out.unit.width = 0;  // not an image
    out.sampleStride = out.unit.pixels * stride;
    return out;
}

}  // namespace normlab
