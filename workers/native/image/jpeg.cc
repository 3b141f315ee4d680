// JPEG by libjpeg-turbo: the default accurate inverse transform, decoded smaller by 2, 4 or 8 where that is enough.
#include <chrono>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <memory>

#include <jpeglib.h>
// After jpeglib.h
#include <jerror.h>

#include "decode.h"
#include "exif.h"
#include "orient.h"

namespace normlab::image {
namespace {

using Clock = std::chrono::steady_clock;

// libjpeg's state, with its ways out: errors jump back, and what it only warns of is judged here.
struct Reader {
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf escape;
    Clock::time_point deadline;
    int maxScans = 0;
    const char* reason = "libjpeg gave up";

    Reader() { info.err = jpeg_std_error(&errors); }
    ~Reader() { jpeg_destroy_decompress(&info); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
};

Reader& readerOf(j_common_ptr info) { return *static_cast<Reader*>(info->client_data); }

[[noreturn]] void giveUp(j_common_ptr info, const char* reason) {
    readerOf(info).reason = reason;
    std::longjmp(readerOf(info).escape, 1);
}

void onError(j_common_ptr info) { giveUp(info, "libjpeg gave up"); }

// Complaints that leave the picture as it was meant; everything else spoils pixels.
bool isHarmless(int code) {
    return code == JWRN_EXTRANEOUS_DATA || code == JWRN_BOGUS_PROGRESSION || code == JWRN_NOT_SEQUENTIAL ||
           code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR;
}

void onMessage(j_common_ptr info, int level) {
    if (level < 0 && !isHarmless(info->err->msg_code)) giveUp(info, "libjpeg warned");
}

void onProgress(j_common_ptr info) {
    Reader& reader = readerOf(info);
    if (reader.info.input_scan_number > reader.maxScans) giveUp(info, "more scans than any encoder writes");
    if (Clock::now() > reader.deadline) giveUp(info, "it takes too long");
}

void prepare(Reader& reader, const Limits& limits) {
    reader.errors.error_exit = onError;
    reader.errors.emit_message = onMessage;
    reader.errors.output_message = [](j_common_ptr) {};
    reader.progress.progress_monitor = onProgress;
    reader.maxScans = limits.maxScans;
    reader.deadline = Clock::now() + std::chrono::microseconds(static_cast<int64_t>(limits.maxSeconds * 1e6));
}

// All that happens inside libjpeg. Only plain values live here: a jump out of it runs no destructors.
bool readHeader(Reader& reader, Bytes file) {
    if (setjmp(reader.escape) != 0) return false;
    jpeg_create_decompress(&reader.info);
    reader.info.client_data = &reader;
    reader.info.progress = &reader.progress;
    jpeg_mem_src(&reader.info, file.data, static_cast<unsigned long>(file.size));
    jpeg_save_markers(&reader.info, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(&reader.info, JPEG_APP0 + 2, 0xffff);
    return jpeg_read_header(&reader.info, TRUE) == JPEG_HEADER_OK;
}

bool start(Reader& reader) {
    if (setjmp(reader.escape) != 0) return false;
    return jpeg_start_decompress(&reader.info) == TRUE;
}

bool readRow(Reader& reader, uint8_t* row) {
    if (setjmp(reader.escape) != 0) return false;
    return jpeg_read_scanlines(&reader.info, &row, 1) == 1;
}

bool finish(Reader& reader) {
    if (setjmp(reader.escape) != 0) return false;
    return jpeg_finish_decompress(&reader.info) == TRUE;
}

bool begins(const jpeg_marker_struct& marker, const char* text, size_t length) {
    return marker.data_length >= length && std::memcmp(marker.data, text, length) == 0;
}

int orientationOf(const Reader& reader) {
    int orientation = 1;
    int seen = 0;
    for (jpeg_saved_marker_ptr marker = reader.info.marker_list; marker != nullptr; marker = marker->next) {
        if (begins(*marker, "ICC_PROFILE", 12)) throw Refused("a colour profile");
        if (!begins(*marker, "Exif\0", 6)) continue;
        if (++seen > 1) throw Refused("more than one EXIF block");
        orientation = exifOrientation({marker->data + 6, marker->data_length - 6});
    }
    return orientation;
}

// True for one channel. Throws Refused for CMYK and whatever else has no plain way to RGB.
bool isGrey(const Reader& reader) {
    const J_COLOR_SPACE space = reader.info.jpeg_color_space;
    const int components = reader.info.num_components;
    if (reader.info.data_precision != 8) throw Refused("not 8 bits");
    if (space == JCS_GRAYSCALE && components == 1) return true;
    if ((space == JCS_YCbCr || space == JCS_RGB) && components == 3) return false;
    throw Refused("neither grey nor RGB");
}

}  // namespace

int64_t decodeJpeg(Bytes file, const Target& target, const Limits& limits, uint8_t* out) {
    Reader reader;
    prepare(reader, limits);
    reader.info.client_data = &reader;
    if (!readHeader(reader, file)) throw Refused(reader.reason);
    const int64_t width = reader.info.image_width;
    const int64_t height = reader.info.image_height;
    if (width * height > limits.maxPixels) throw Refused("more pixels than the limit");
    const int64_t channels = isGrey(reader) ? 1 : 3;
    const int orientation = orientationOf(reader);
    const bool turned = isTurned(orientation);
    const int64_t scale = decodeScale(turned ? height : width, turned ? width : height, target);
    reader.info.scale_num = 1;
    reader.info.scale_denom = static_cast<unsigned>(scale);
    reader.info.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    if (!start(reader)) throw Refused(reader.reason);
    const int64_t storedWidth = reader.info.output_width;
    const int64_t storedHeight = reader.info.output_height;
    const Extents extents = extentsOf(orientation, width, height, storedWidth, storedHeight, static_cast<double>(scale));
    const Placement placed = place(turned ? height : width, turned ? width : height, target);
    Resampler resampler(extents.across, extents.down, placed, channels, target, out);
    Orienter orienter(orientation, storedWidth, storedHeight, channels, limits, resampler);
    std::vector<uint8_t> row(static_cast<size_t>(storedWidth * channels) + kRowSlack);
    for (int64_t y = 0; y < storedHeight; ++y) {
        if (!readRow(reader, row.data())) throw Refused(reader.reason);
        orienter.push(row.data());
    }
    if (!finish(reader)) throw Refused(reader.reason);
    return channels;
}

}  // namespace normlab::image
