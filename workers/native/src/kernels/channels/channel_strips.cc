#include "kernels/channels/channel_strips.h"

namespace normlab {

std::optional<Strips> stripsOf(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!layout || layout->block > kLanes) return std::nullopt;
    Strips out;
    out.layout = *layout;
    const bool rows = layout->block > 1 || layout->blockStride == 1;
    if (!rows && layout->pixelStride != 1) return std::nullopt;
    out.runs = !rows;
    out.width = out.runs ? 1 : layout->block > 1 ? layout->block : kLanes;
    out.padded = layout->block > 1 ? layout->blocks * layout->block : layout->channels;
    out.count = (out.padded + out.width - 1) / out.width;
    return out;
}

std::vector<SampleRange> ghostGroups(int64_t batch, int64_t groupSize) {
    const int64_t size = groupSize == 0 ? batch : groupSize;
    const int64_t groups = std::max<int64_t>(1, batch / size);
    std::vector<SampleRange> out;
    for (int64_t g = 0; g < groups; ++g) out.push_back({g * size, g == groups - 1 ? batch : (g + 1) * size});
    return out;
}

}  // namespace normlab
