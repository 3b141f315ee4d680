// What the direct decoders share: the wanted image, and how a decoder ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace normlab::image {

enum class Policy : int32_t { stretch = 0, fit = 1, cover = 2 };

// The image to make: [height, width, channels] bytes.
struct Target {
    int64_t width;
    int64_t height;
    int64_t channels;
    Policy policy;

    size_t bytes() const { return static_cast<size_t>(width * height * channels); }
};

// What an image may be; the same numbers as in workers/data/format/limits.ts.
struct Limits {
    int64_t maxPixels = 100'000'000;
    // Turned images are held whole; larger ones are left to the general decoder.
    int64_t maxTurnedPixels = 32'000'000;
    // More scans than any encoder writes: a progressive file can ask for a pass over the whole image in a few bytes.
    int maxScans = 200;
    double maxSeconds = 60;
    // JPEGs from this size on have their Huffman codes read by our own decoder, with the same results: tables take time
    // to make.
    size_t leastQuickBytes = 8 << 10;
};

// Anything in doubt (damage, warnings, colour profiles, rare kinds) is refused: then the general decoder judges the
// file.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Bytes {
    const uint8_t* data;
    size_t size;
};

}  // namespace normlab::image
