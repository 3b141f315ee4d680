// Position of the resized image in the target, in pixels: stretch, fit, cover and crop.
#pragma once

#include "image.h"

namespace normlab::image {

// One axis: the source is scaled to `full` pixels; `count` of them, from `first` on, are written at `at`.
struct Span {
    int64_t full;
    int64_t first;
    int64_t count;
    int64_t at;
};

// The part of a row or column of source pixels that the image covers. A JPEG decoded at a reduced size may end inside
// its last pixel, which after reorientation can be the first one.
struct Extent {
    int64_t pixels;
    double from;
    double length;
};

struct Placement {
    Span x;
    Span y;
};

// `width`, `height`: the upright source. Sizes round half away from zero. An odd pixel of padding goes after the image
// (fit); an odd cropped pixel goes before it (cover). `crop` follows torchvision's Resize and CenterCrop: the longer
// side rounds down, and half a pixel of the offset rounds to even.
Placement place(int64_t width, int64_t height, const Target& target);

// The largest of 8, 4, 2, 1 by which a JPEG of this upright size can be reduced and still cover the full size; 1 for
// `crop`, which gives the very pixels of torchvision.
int64_t decodeScale(int64_t width, int64_t height, const Target& target);

}  // namespace normlab::image
