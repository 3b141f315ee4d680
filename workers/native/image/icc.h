#pragma once

#include "image.h"

namespace normlab::image {

// True when an ICC profile says sRGB: a matrix and three curves (no tables of colours) under which no byte changes by
// more than one grey level. Whatever else, damaged ones included, is for the general decoder.
bool isSrgbProfile(Bytes profile);

}  // namespace normlab::image
