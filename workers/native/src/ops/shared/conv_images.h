// Images as our f32 convolutions read and write them: in groups of sixteen channels (grouped_image.h).
#pragma once

#include "kernels/lanes/grouped_image.h"
#include "plan/planner.h"

namespace normlab {

// True for `[N, C, H, W]` with at least one pixel.
bool isImage(const Dims& dims);
// True for f32 in blocks of sixteen channels or channels last; the last group may be incomplete.
bool isGrouped(const Md& desc);
// True for blocks of sixteen channels; `desc` must be grouped.
bool isBlocked(const Md& desc);
// The descriptor of a tensor in blocks of sixteen channels or, if not `blocked`, channels last.
Md groupedDesc(const Planner& plan, int tensor, bool blocked);
// `desc` must be grouped.
GroupedImage groupedImageOf(const Md& desc);

}  // namespace normlab
