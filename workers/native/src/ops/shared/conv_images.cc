#include "ops/shared/conv_images.h"

#include "kernels/lanes/lanes.h"

namespace normlab {

bool isImage(const Dims& dims) {
    return dims.size() == 4 && dims[2] > 0 && dims[3] > 0;
}

bool isGrouped(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!layout || compat::typeOf(desc) != DataType::f32) return false;
    const bool last = layout->block == 1 && layout->blockStride == 1 && layout->pixelStride >= layout->channels;
    return layout->block == kLanes || last;
}

bool isBlocked(const Md& desc) {
    return channelLayoutOf(desc)->block == kLanes;
}

Md groupedDesc(const Planner& plan, int tensor, bool blocked) {
    using Tag = dnnl::memory::format_tag;
    return Md(plan.dims(tensor), DataType::f32, blocked ? Tag::nChw16c : Tag::nhwc);
}

GroupedImage groupedImageOf(const Md& desc) {
    const ChannelLayout layout = *channelLayoutOf(desc);
    const Dims dims = compat::dimsOf(desc);
    return {dims[2], dims[3], layout.sampleStride, layout.block == kLanes ? layout.blockStride : kLanes,
            layout.pixelStride};
}

}  // namespace normlab
