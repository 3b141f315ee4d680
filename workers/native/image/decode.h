#pragma once

#include "placement.h"

namespace normlab::image {

// Decodes a JPEG or PNG to target.bytes() bytes: upright, resized, with the requested channels. Throws Refused for
// other files and in case of doubt; `out` is then undefined.
void decodeImage(Bytes file, const Target& target, const Limits& limits, uint8_t* out);

// One format each. They return their number of channels (1 or 3); `finish` in decode.cc converts to the requested one.
int64_t decodeJpeg(Bytes file, const Target& target, const Limits& limits, uint8_t* out);
int64_t decodePng(Bytes file, const Target& target, const Limits& limits, uint8_t* out);

// Resizes decoded upright pixels [height, width, channels] (1 or 3 channels) in the same way. `placed`: their position
// in the target.
void resizePixels(const uint8_t* pixels, int64_t width, int64_t height, int64_t channels, const Placement& placed,
                  const Target& target, uint8_t* out);

}  // namespace normlab::image
