// Options of decoding a JPEG with one Reader.
#pragma once

#include "jpeg_reader.h"
#include "image.h"

namespace normlab::image {

// As decodeJpeg, with this new reader. Throws Refused.
int64_t decodeJpegBy(Reader& reader, Bytes file, const Target& target, const Limits& limits, uint8_t* out);

}  // namespace normlab::image
