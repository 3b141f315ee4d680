// Where the resized image lies in the target: what stretch, fit and cover mean in pixels.
#pragma once

#include "image.h"

namespace normlab::image {

// One axis: the source becomes `full` pixels, of which `count` from `first` on are kept and laid at `at`.
struct Span {
    int64_t full;
    int64_t first;
    int64_t count;
    int64_t at;
};

// The part of a row or column of source pixels that is the image: a JPEG decoded smaller may end inside its last
// pixel, which after a turn can be the first one.
struct Extent {
    int64_t pixels;
    double from;
    double length;
};

struct Placement {
    Span x;
    Span y;
};

// `width`, `height`: the upright source. Sizes round half away from zero; an odd pixel goes after a fit and before a
// cover.
Placement place(int64_t width, int64_t height, const Target& target);

// The largest of 8, 4, 2, 1 by which a JPEG of this upright size can be decoded smaller and still hold the full size.
int64_t decodeScale(int64_t width, int64_t height, const Target& target);

}  // namespace normlab::image
