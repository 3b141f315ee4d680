#pragma once

#include "placement.h"

namespace normlab::image {

// Decodes a JPEG or PNG to target.bytes() bytes: upright, resized, in the wanted channels. Throws Refused for every
// other file and whenever there is any doubt; `out` is then undefined.
void decodeImage(Bytes file, const Target& target, const Limits& limits, uint8_t* out);

// One format each. `finish` in decode.cc turns their own channels (1 or 3) into the wanted ones; they give their
// number.
int64_t decodeJpeg(Bytes file, const Target& target, const Limits& limits, uint8_t* out);
int64_t decodePng(Bytes file, const Target& target, const Limits& limits, uint8_t* out);

// Resizes decoded upright pixels [height, width, channels] (1 or 3 channels) in the same way. `placed`: where they go.
void resizePixels(const uint8_t* pixels, int64_t width, int64_t height, int64_t channels, const Placement& placed,
                  const Target& target, uint8_t* out);

}  // namespace normlab::image
