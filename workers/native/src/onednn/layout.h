// Memory layouts: how a tensor's elements lie in memory, in the few forms that our own loops walk.
#pragma once

#include <optional>

#include "onednn/dnnl_compat.h"

namespace normlab {

int64_t elementCount(const Dims& dims);
size_t bytesPerElement(DataType type);

// Row-major in the order of the dims: the canonical form.
Md plainDesc(const Dims& dims, DataType type);
// Left to the primitive to choose.
Md anyDesc(const Dims& dims, DataType type);
// `[N, C]` seen as `[N, C, 1, 1]` with channels last: the same bytes in a form that every kernel is fast in.
Md asImage(const Md& matrix);

// A tensor `[N, C, P]` (P pixels, 1 for feature vectors) whose channels stand in blocks: element (n, c, p) is at
// n*sampleStride + (c/block)*blockStride + p*pixelStride + c%block.
struct ChannelLayout {
    int64_t samples = 0, channels = 0, pixels = 0;
    int64_t block = 1, blocks = 0;
    int64_t sampleStride = 0, blockStride = 0, pixelStride = 0;

    int64_t at(int64_t n, int64_t c, int64_t p) const {
        return n * sampleStride + (c / block) * blockStride + p * pixelStride + c % block;
    }
};

// The channel layout of a 2-D or 4-D descriptor; nothing where it has another form.
std::optional<ChannelLayout> channelLayoutOf(const Md& desc);

// True when the bytes of `desc` are those of the canonical form, so that a view will do in place of a reorder.
bool isCanonical(const Md& desc);

// A descriptor of `dims` in the form of `model` (canonical, channels last or blocked channels); canonical for other
// forms.
Md likeDesc(const Md& model, const Dims& dims, DataType type);

// "nChw16c bf16 128x32x32x32" in short, for profiles and errors.
std::string describe(const Md& desc);

}  // namespace normlab
