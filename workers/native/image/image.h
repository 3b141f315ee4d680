// Types shared by the direct decoders: the requested image, and the outcome of decoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace normlab::image {

enum class Policy : int32_t { stretch = 0, fit = 1, cover = 2, crop = 3 };

// The requested image: [height, width, channels] bytes.
struct Target {
    int64_t width;
    int64_t height;
    int64_t channels;
    Policy policy;
    // Part of the resized image's side that `crop` keeps, at most 1; unused by the other policies.
    double cropFraction = 1;

    size_t bytes() const { return static_cast<size_t>(width * height * channels); }
};

// Limits of an image; the same numbers as in workers/data/format/limits.ts.
struct Limits {
    int64_t maxPixels = 100'000'000;
    // Rotated images are buffered whole; larger ones are left to the general decoder.
    int64_t maxTurnedPixels = 32'000'000;
    // More scans than any encoder writes. A few bytes of a progressive file can request a pass over the whole image.
    int maxScans = 200;
    double maxSeconds = 60;
    // JPEGs from this size on use our own Huffman decoder, with the same results; building its tables takes time.
    size_t leastQuickBytes = 8 << 10;
};

// Thrown for anything in doubt (damage, warnings, color profiles, rare formats); the general decoder then decides.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Bytes {
    const uint8_t* data;
    size_t size;
};

}  // namespace normlab::image
