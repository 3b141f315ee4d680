#pragma once

#include "image.h"

namespace normlab::image {

// The orientation (1 to 8) in a TIFF structure as EXIF embeds it; 1 when there is none or an undefined one (0, 9 and
// above). Throws Refused when the structure is not clean: then the general decoder's reading counts.
int exifOrientation(Bytes tiff);

}  // namespace normlab::image
