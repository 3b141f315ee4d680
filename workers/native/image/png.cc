// PNG by libpng: 8 bits or less, not interlaced. Palettes and transparency by lookup; transparency is blended over
// black.
#include <chrono>
#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include <png.h>

#include "decode.h"
#include "exif.h"
#include "orient.h"

namespace normlab::image {
namespace {

constexpr int64_t kMaxSide = 65'535;

uint32_t bigEndian(const uint8_t* at) {
    return static_cast<uint32_t>(at[0]) << 24 | static_cast<uint32_t>(at[1]) << 16 | static_cast<uint32_t>(at[2]) << 8 |
           at[3];
}

// The contents of the chunks, read before anything is decoded.
struct Outline {
    int64_t width = 0;
    int64_t height = 0;
    int orientation = 1;
};

// Chunks that do not change the pixels decoded by the general decoder.
bool isPlain(const std::string& type) {
    static const char* const kinds[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "tEXt", "zTXt", "iTXt",
                                        "tIME", "pHYs", "sRGB", "gAMA", "cHRM", "bKGD", "hIST", "eXIf"};
    for (const char* kind : kinds)
        if (type == kind) return true;
    return false;
}

bool isRawProfile(const uint8_t* data, size_t length) {
    return length >= 16 && std::memcmp(data, "Raw profile type", 16) == 0;
}

void readHeaderChunk(const uint8_t* data, size_t length, const Limits& limits, Outline& outline) {
    if (length != 13) throw Refused("an odd header");
    outline.width = bigEndian(data);
    outline.height = bigEndian(data + 4);
    if (outline.width < 1 || outline.height < 1 || outline.width > kMaxSide || outline.height > kMaxSide)
        throw Refused("an odd size");
    if (outline.width * outline.height > limits.maxPixels) throw Refused("more pixels than the limit");
    if (data[8] > 8) throw Refused("16 bits");
    if (data[12] != 0) throw Refused("interlaced");
}

// Reads the chunks up to IEND. Throws Refused when one is truncated, missing or changes colors.
Outline outlineOf(Bytes file, const Limits& limits) {
    Outline outline;
    for (size_t at = 8; at + 12 <= file.size;) {
        const size_t length = bigEndian(file.data + at);
        if (length > file.size - at - 12) break;
        const std::string type(reinterpret_cast<const char*>(file.data) + at + 4, 4);
        const uint8_t* data = file.data + at + 8;
        if ((at == 8) != (type == "IHDR")) break;
        if (!isPlain(type)) throw Refused("a chunk that may change colours");
        if (type == "IHDR") readHeaderChunk(data, length, limits, outline);
        if (type == "eXIf") outline.orientation = exifOrientation({data, length});
        if (type[2] == 'X' && isRawProfile(data, length)) throw Refused("a profile in a text");
        if (type == "IEND") return outline;
        at += 12 + length;
    }
    throw Refused("its chunks are damaged");
}

struct Source {
    Bytes file;
    size_t at = 0;
};

void readBytes(png_structp png, png_bytep into, size_t length) {
    Source& source = *static_cast<Source*>(png_get_io_ptr(png));
    if (length > source.file.size - source.at) png_error(png, "the file ends early");
    std::memcpy(into, source.file.data + source.at, length);
    source.at += length;
}

[[noreturn]] void onError(png_structp png, png_const_charp) {
    png_longjmp(png, 1);
}
// A warning counts as doubt.
[[noreturn]] void onWarning(png_structp png, png_const_charp) {
    png_longjmp(png, 1);
}

struct Reader {
    png_structp png = nullptr;
    png_infop info = nullptr;
    Source source;

    explicit Reader(Bytes file) : source{file} {
        png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, onError, onWarning);
        if (png != nullptr) info = png_create_info_struct(png);
        if (info == nullptr) throw Refused("no memory");
    }
    ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
};

// All calls of libpng. Only trivially destructible values may be alive here: a jump runs no destructors.
bool begin(Reader& reader, const Outline& outline) {
    if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
    png_set_user_limits(reader.png, static_cast<png_uint_32>(outline.width), static_cast<png_uint_32>(outline.height));
    png_set_chunk_malloc_max(reader.png, 8 << 20);
    png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
    // Text, time and color hint chunks are neither checked nor needed.
    static const png_byte unread[] = "tEXt\0zTXt\0iTXt\0tIME\0pHYs\0sRGB\0gAMA\0cHRM\0bKGD\0hIST\0eXIf";
    png_set_keep_unknown_chunks(reader.png, PNG_HANDLE_CHUNK_NEVER, unread, 11);
    png_set_read_fn(reader.png, &reader.source, readBytes);
    png_read_info(reader.png, reader.info);
    png_set_expand(reader.png);
    png_read_update_info(reader.png, reader.info);
    return true;
}

bool readRow(Reader& reader, uint8_t* row) {
    if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
    png_read_row(reader.png, row, nullptr);
    return true;
}

bool finish(Reader& reader) {
    if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
    png_read_end(reader.png, nullptr);
    return true;
}

// Blends over black in the integer arithmetic of the general decoder.
void flattenRow(const uint8_t* row, int64_t width, int64_t channels, uint8_t* out) {
    const int64_t colours = channels - 1;
    for (int64_t x = 0; x < width; ++x) {
        const int alpha = row[x * channels + colours];
        for (int64_t colour = 0; colour < colours; ++colour)
            out[x * colours + colour] = static_cast<uint8_t>(row[x * channels + colour] * alpha / 255);
    }
}

}  // namespace

int64_t decodePng(Bytes file, const Target& target, const Limits& limits, uint8_t* out) {
    const Outline outline = outlineOf(file, limits);
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<int64_t>(limits.maxSeconds * 1e3));
    Reader reader(file);
    if (!begin(reader, outline)) throw Refused("libpng gave up");
    const int64_t stored = png_get_channels(reader.png, reader.info);
    const size_t rowBytes = png_get_rowbytes(reader.png, reader.info);
    if (rowBytes != static_cast<size_t>(outline.width * stored)) throw Refused("an odd kind");
    const bool hasAlpha = stored == 2 || stored == 4;
    const int64_t channels = hasAlpha ? stored - 1 : stored;
    const bool turned = isTurned(outline.orientation);
    const Extents extents =
        extentsOf(outline.orientation, outline.width, outline.height, outline.width, outline.height, 1);
    const Placement placed =
        place(turned ? outline.height : outline.width, turned ? outline.width : outline.height, target);
    Resampler resampler(extents.across, extents.down, placed, channels, target, out);
    Orienter orienter(outline.orientation, outline.width, outline.height, channels, limits, resampler);
    std::vector<uint8_t> row(rowBytes + kRowSlack);
    std::vector<uint8_t> flat(hasAlpha ? rowBytes + kRowSlack : 0);
    for (int64_t y = 0; y < outline.height; ++y) {
        if (!readRow(reader, row.data())) throw Refused("libpng gave up");
        if (hasAlpha) flattenRow(row.data(), outline.width, stored, flat.data());
        orienter.push(hasAlpha ? flat.data() : row.data());
        if ((y & 255) == 255 && std::chrono::steady_clock::now() > deadline) throw Refused("it takes too long");
    }
    if (!finish(reader)) throw Refused("libpng gave up");
    return channels;
}

}  // namespace normlab::image
