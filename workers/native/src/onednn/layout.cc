#include "onednn/layout.h"

#include <string>

namespace normlab {

using Tag = dnnl::memory::format_tag;

int64_t elementCount(const Dims& dims) {
    int64_t count = 1;
    for (const int64_t dim : dims) count *= dim;
    return count;
}

size_t bytesPerElement(DataType type) {
    return type == DataType::bf16 ? 2 : 4;
}

Md plainDesc(const Dims& dims, DataType type) {
    Dims strides(dims.size(), 1);
    for (size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
    return Md(dims, type, strides);
}

Md anyDesc(const Dims& dims, DataType type) {
    return Md(dims, type, Tag::any);
}

Md asImage(const Md& matrix) {
    const Dims dims = compat::dimsOf(matrix);
    return Md({dims[0], dims[1], 1, 1}, compat::typeOf(matrix), Tag::nhwc);
}

std::optional<ChannelLayout> channelLayoutOf(const Md& desc) {
    const Dims dims = compat::dimsOf(desc);
    const compat::Blocking blocking = compat::blockingOf(desc);
    if (!blocking.isBlocked || (dims.size() != 2 && dims.size() != 4)) return std::nullopt;
    const bool image = dims.size() == 4;
    if (blocking.innerBlocks.size() > 1) return std::nullopt;
    if (!blocking.innerIndices.empty() && blocking.innerIndices[0] != 1) return std::nullopt;
    ChannelLayout out;
    out.samples = dims[0];
    out.channels = dims[1];
    out.pixels = image ? dims[2] * dims[3] : 1;
    out.block = blocking.innerBlocks.empty() ? 1 : blocking.innerBlocks[0];
    out.blocks = blocking.paddedDims[1] / out.block;
    out.sampleStride = blocking.strides[0];
    out.blockStride = blocking.strides[1];
    out.pixelStride = image ? blocking.strides[3] : out.block;
    if (image && dims[2] > 1 && blocking.strides[2] != blocking.strides[3] * dims[3]) return std::nullopt;
    return out;
}

bool isCanonical(const Md& desc) {
    if (desc == plainDesc(compat::dimsOf(desc), compat::typeOf(desc))) return true;
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!layout || layout->sampleStride != layout->channels * layout->pixels) return false;
    const bool rowOfChannels = layout->block > 1 || layout->blockStride == 1;
    if (layout->pixels == 1) return layout->channels == 1 || rowOfChannels;
    return layout->channels == 1 && layout->block == 1 && layout->pixelStride == 1;
}

Md likeDesc(const Md& model, const Dims& dims, DataType type) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(model);
    if (dims.size() != 4 || compat::dimsOf(model).size() != 4 || !layout) return plainDesc(dims, type);
    if (layout->block == 16) return Md(dims, type, Tag::nChw16c);
    if (layout->block == 8) return Md(dims, type, Tag::nChw8c);
    if (layout->block == 4) return Md(dims, type, Tag::nChw4c);
    const bool channelsLast = layout->blockStride == 1 && layout->pixelStride == layout->channels;
    return channelsLast && layout->pixels > 1 ? Md(dims, type, Tag::nhwc) : plainDesc(dims, type);
}

std::string describe(const Md& desc) {
    std::string text = compat::typeOf(desc) == DataType::bf16 ? "bf16 " : "f32 ";
    const Dims dims = compat::dimsOf(desc);
    for (size_t i = 0; i < dims.size(); ++i) text += (i == 0 ? "" : "x") + std::to_string(dims[i]);
    const compat::Blocking blocking = compat::blockingOf(desc);
    if (!blocking.isBlocked) return text + " opaque";
    if (desc == plainDesc(dims, compat::typeOf(desc))) return text + " plain";
    if (blocking.innerBlocks.empty()) return text + " channels last";
    text += " blocked by";
    for (const int64_t block : blocking.innerBlocks) text += " " + std::to_string(block);
    return text;
}

}  // namespace normlab
