#pragma once

#include "image.h"

namespace normlab::image {

// True when an ICC profile is sRGB: a matrix and three curves (no lookup tables) that change no byte by more than one
// grey level. All other profiles, damaged ones included, are left to the general decoder.
bool isSrgbProfile(Bytes profile);

}  // namespace normlab::image
