// Memory layouts: the order of a tensor's elements, in the few formats that our own loops support.
#pragma once

#include <optional>

#include "onednn/dnnl_compat.h"

namespace normlab {

int64_t elementCount(const Dims& dims);
size_t bytesPerElement(DataType type);

// Row-major in the order of the dims: the canonical form.
Md plainDesc(const Dims& dims, DataType type);
// The primitive chooses the layout.
Md anyDesc(const Dims& dims, DataType type);
// `[N, C]` as `[N, C, 1, 1]` with channels last: the same bytes in a format that every kernel handles fast.
Md asImage(const Md& matrix);

// A tensor `[N, C, P]` (P pixels, 1 for feature vectors) in blocks of channels: element (n, c, p) is at n*sampleStride
// + (c/block)*blockStride + p*pixelStride + c%block.
struct ChannelLayout {
    int64_t samples = 0, channels = 0, pixels = 0;
    int64_t block = 1, blocks = 0;
    int64_t sampleStride = 0, blockStride = 0, pixelStride = 0;

    int64_t at(int64_t n, int64_t c, int64_t p) const {
        return n * sampleStride + (c / block) * blockStride + p * pixelStride + c % block;
    }
};

// The channel layout of a 2-D or 4-D descriptor; no value for other formats.
std::optional<ChannelLayout> channelLayoutOf(const Md& desc);

// True if the bytes of `desc` are in canonical order, so that a view can replace a reorder.
bool isCanonical(const Md& desc);

// A descriptor of `dims` in the format of `model` (canonical, channels last or blocked channels); canonical for other
// formats.
Md likeDesc(const Md& model, const Dims& dims, DataType type);

// "nChw16c bf16 128x32x32x32" in short, for profiles and errors.
std::string describe(const Md& desc);

}  // namespace normlab
