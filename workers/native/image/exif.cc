#include "exif.h"

namespace normlab::image {
namespace {

constexpr uint32_t kOrientationTag = 0x0112;
constexpr uint32_t kShort = 3;

struct Reader {
    Bytes bytes;
    bool little;

    uint32_t read(size_t at, int count) const {
        if (at > bytes.size || bytes.size - at < static_cast<size_t>(count)) throw Refused("EXIF points outside");
        uint32_t value = 0;
        for (int i = 0; i < count; ++i) value = value << 8 | bytes.data[at + (little ? count - 1 - i : i)];
        return value;
    }
};

}  // namespace

int exifOrientation(Bytes tiff) {
    if (tiff.size < 8) throw Refused("EXIF is too short");
    const bool little = tiff.data[0] == 'I';
    if (tiff.data[0] != tiff.data[1] || (!little && tiff.data[0] != 'M')) throw Refused("EXIF has no byte order");
    const Reader reader{tiff, little};
    if (reader.read(2, 2) != 42) throw Refused("EXIF is no TIFF");
    const size_t directory = reader.read(4, 4);
    const uint32_t entries = reader.read(directory, 2);
    for (uint32_t entry = 0; entry < entries; ++entry) {
        const size_t at = directory + 2 + entry * size_t{12};
        if (reader.read(at, 2) != kOrientationTag) continue;
        if (reader.read(at + 2, 2) != kShort || reader.read(at + 4, 4) != 1) throw Refused("an odd EXIF orientation");
        const uint32_t value = reader.read(at + 8, 2);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace normlab::image
