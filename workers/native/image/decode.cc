#include "decode.h"

#include <cstring>
#include <vector>

#include "resample.h"

namespace normlab::image {
namespace {

bool startsWith(Bytes file, const char* magic, size_t length) {
    return file.size >= length && std::memcmp(file.data, magic, length) == 0;
}

// Converts color to grey (ITU-R 601 luma in Pillow's fixed-point form) or repeats grey, after resizing.
void toChannels(const uint8_t* from, int64_t pixels, int64_t channels, uint8_t* out) {
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        if (channels == 3) std::memset(out + pixel * 3, from[pixel], 3);
        else {
            const uint8_t* colour = from + pixel * 3;
            out[pixel] = static_cast<uint8_t>((19595 * colour[0] + 38470 * colour[1] + 7471 * colour[2] + 32768) >> 16);
        }
    }
}

}  // namespace

void decodeImage(Bytes file, const Target& target, const Limits& limits, uint8_t* out) {
    const bool isJpeg = startsWith(file, "\xff\xd8\xff", 3);
    if (!isJpeg && !startsWith(file, "\x89PNG\r\n\x1a\n", 8)) throw Refused("neither JPEG nor PNG");
    // Space for either number of channels: the number in the file is known only during decoding.
    const int64_t pixels = target.width * target.height;
    std::vector<uint8_t> own;
    uint8_t* into = out;
    if (target.channels == 1) {
        own.resize(static_cast<size_t>(pixels * 3));
        into = own.data();
    }
    const int64_t channels = isJpeg ? decodeJpeg(file, target, limits, into) : decodePng(file, target, limits, into);
    if (channels == target.channels) {
        if (into != out) std::memcpy(out, into, static_cast<size_t>(pixels * channels));
        return;
    }
    if (into == out) {
        own.assign(out, out + pixels);
        into = own.data();
    }
    toChannels(into, pixels, target.channels, out);
}

void resizePixels(const uint8_t* pixels, int64_t width, int64_t height, int64_t channels, const Placement& placed,
                  const Target& target, uint8_t* out) {
    const Extent across{width, 0, static_cast<double>(width)};
    const Extent down{height, 0, static_cast<double>(height)};
    Resampler resampler(across, down, placed, channels, target, out);
    std::vector<uint8_t> row(static_cast<size_t>(width * channels) + kRowSlack);
    for (int64_t y = 0; y < height; ++y) {
        std::memcpy(row.data(), pixels + y * width * channels, static_cast<size_t>(width * channels));
        resampler.push(row.data());
    }
}

}  // namespace normlab::image
