// Kernel elements that only ever overlap padding. oneDNN 2.6.3's strided bf16 weight gradients (AMX) read uninitialized
// memory for them; such gradients are computed in f32.
#pragma once

#include "program/program.h"

namespace normlab {

// True where some row or column of the strided kernel lies in the padding at all of its `to` positions on `from`
// pixels.
inline bool stridesBesideImage(const Instruction& op, const std::vector<int64_t>& from,
                               const std::vector<int64_t>& to) {
    for (size_t axis = 0; axis < 2; ++axis) {
        if (op.stride[axis] == 1) continue;
        for (int64_t tap = 0; tap < op.kernel[axis]; ++tap) {
            bool inside = false;
            for (int64_t position = 0; position < to[axis + 2] && !inside; ++position) {
                const int64_t at = position * op.stride[axis] + tap * op.dilation[axis] - op.padding[axis];
                inside = at >= 0 && at < from[axis + 2];
            }
            if (!inside) return true;
        }
    }
    return false;
}

}  // namespace normlab
