#include "ops/norm/norm_plan.h"

#include <cmath>

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

void fillLanes(const RunContext& run, const NormVectors& vectors, const NormGrid& grid, int64_t group, NormLanes& out) {
    const float* gamma = vectors.gamma < 0 ? nullptr : run.at<float>(vectors.gamma);
    const float* beta = vectors.beta < 0 ? nullptr : run.at<float>(vectors.beta);
    const float* mean = run.at<float>(vectors.mean);
    const float* variance = run.at<float>(vectors.variance);
    out = NormLanes{};
    for (int64_t i = 0; i < 16 && group * 16 + i < grid.channels; ++i) {
        const int64_t c = group * 16 + i;
        const double scale = (gamma == nullptr ? 1.0 : gamma[c]) / std::sqrt(variance[c] + vectors.epsilon);
        out.mean[i] = mean[c];
        out.scale[i] = static_cast<float>(scale);
        out.shift[i] = beta == nullptr ? 0 : beta[c];
    }
}

}  // namespace normlab
