// JPEG by libjpeg-turbo: the default accurate inverse transform, decoded at 1/2, 1/4 or 1/8 where that is enough.
#include "jpeg.h"

#include <cstring>

#include "decode.h"
#include "entropy/entropy_check.h"
#include "exif.h"
#include "icc.h"
#include "orient.h"

namespace normlab::image {
namespace {

bool begins(const jpeg_marker_struct& marker, const char* text, size_t length) {
    return marker.data_length >= length && std::memcmp(marker.data, text, length) == 0;
}

// Throws Refused unless a JPEG of `channels` with this marker has the same colors as one without it.
void checkProfile(const jpeg_marker_struct& marker, int64_t channels) {
    // The profile begins after the index and count of the chunks; an sRGB profile fits into one chunk.
    constexpr size_t kBefore = 14;
    const bool isWhole = marker.data_length > kBefore && marker.data[12] == 1 && marker.data[13] == 1;
    if (!isWhole || channels != 3 || !isSrgbProfile({marker.data + kBefore, marker.data_length - kBefore}))
        throw Refused("a colour profile other than sRGB");
}

int orientationOf(const Reader& reader, int64_t channels) {
    int orientation = 1;
    int seen = 0;
    int profiles = 0;
    for (jpeg_saved_marker_ptr marker = reader.info.marker_list; marker != nullptr; marker = marker->next) {
        if (begins(*marker, "ICC_PROFILE", 12)) {
            if (++profiles > 1) throw Refused("more than one colour profile");
            checkProfile(*marker, channels);
        }
        if (!begins(*marker, "Exif\0", 6)) continue;
        if (++seen > 1) throw Refused("more than one EXIF block");
        orientation = exifOrientation({marker->data + 6, marker->data_length - 6});
    }
    return orientation;
}

// True for one channel. Throws Refused for CMYK and other color spaces without a simple conversion to RGB.
bool isGrey(const Reader& reader) {
    const J_COLOR_SPACE space = reader.info.jpeg_color_space;
    const int components = reader.info.num_components;
    if (reader.info.data_precision != 8) throw Refused("not 8 bits");
    if (space == JCS_GRAYSCALE && components == 1) return true;
    if ((space == JCS_YCbCr || space == JCS_RGB) && components == 3) return false;
    throw Refused("neither grey nor RGB");
}

}  // namespace

int64_t decodeJpegBy(Reader& reader, Bytes file, const Target& target, const Limits& limits, uint8_t* out) {
    if (!reader.readHeader(file)) throw Refused(reader.reason);
    const int64_t width = reader.info.image_width;
    const int64_t height = reader.info.image_height;
    if (width * height > limits.maxPixels) throw Refused("more pixels than the limit");
    const int64_t channels = isGrey(reader) ? 1 : 3;
    const int orientation = orientationOf(reader, channels);
    const bool turned = isTurned(orientation);
    const int64_t scale = decodeScale(turned ? height : width, turned ? width : height, target);
    reader.info.scale_num = 1;
    reader.info.scale_denom = static_cast<unsigned>(scale);
    reader.info.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    if (!reader.start()) throw Refused(reader.reason);
    const int64_t storedWidth = reader.info.output_width;
    const int64_t storedHeight = reader.info.output_height;
    const Extents extents =
        extentsOf(orientation, width, height, storedWidth, storedHeight, static_cast<double>(scale));
    const Placement placed = place(turned ? height : width, turned ? width : height, target);
    Resampler resampler(extents.across, extents.down, placed, channels, target, out);
    Orienter orienter(orientation, storedWidth, storedHeight, channels, limits, resampler);
    std::vector<uint8_t> row(static_cast<size_t>(storedWidth * channels) + kRowSlack);
    for (int64_t y = 0; y < storedHeight; ++y) {
        if (!reader.readRow(row.data())) throw Refused(reader.reason);
        orienter.push(row.data());
    }
    if (!reader.finish()) throw Refused(reader.reason);
    return channels;
}

int64_t decodeJpeg(Bytes file, const Target& target, const Limits& limits, uint8_t* out) {
    if (file.size >= limits.leastQuickBytes && isQuickEntropySound()) {
        Reader quick(limits, true);
        try {
            return decodeJpegBy(quick, file, target, limits, out);
        } catch (const Refused&) {
            if (!quick.entropy.doubts()) throw;
        }
    }
    Reader plain(limits, false);
    return decodeJpegBy(plain, file, target, limits, out);
}

}  // namespace normlab::image
