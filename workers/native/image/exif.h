#pragma once

#include "image.h"

namespace normlab::image {

// The orientation (1 to 8) in a TIFF structure as embedded by EXIF; 1 when it is absent or undefined (0, 9 and above).
// Throws Refused for a malformed structure, which is left to the general decoder.
int exifOrientation(Bytes tiff);

}  // namespace normlab::image
