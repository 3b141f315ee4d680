#include "ops/shared/norm_grid.h"

#include "kernels/lanes/lanes.h"

namespace normlab {

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

}  // namespace normlab
