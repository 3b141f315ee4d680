#include "entropy_check.h"

#include <algorithm>
#include <csetjmp>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "../jpeg.h"

namespace normlab::image {
namespace {

constexpr int kWidth = 43;
constexpr int kHeight = 37;

struct Kind {
    int channels;
    int acrossFactor;
    int downFactor;
    bool isProgressive;
    unsigned restartMcus;
    int quality;
};

struct Writer {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    std::jmp_buf escape;
    unsigned char* bytes = nullptr;
    unsigned long length = 0;

    ~Writer() {
        jpeg_destroy_compress(&info);
        std::free(bytes);
    }

    bool write(const Kind& kind, uint8_t* pixels) {
        info.err = jpeg_std_error(&errors);
        errors.error_exit = [](j_common_ptr failed) {
            std::longjmp(static_cast<Writer*>(failed->client_data)->escape, 1);
        };
        if (setjmp(escape) != 0) return false;
        jpeg_create_compress(&info);
        info.client_data = this;
        jpeg_mem_dest(&info, &bytes, &length);
        info.image_width = kWidth;
        info.image_height = kHeight;
        info.input_components = kind.channels;
        info.in_color_space = kind.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
        jpeg_set_defaults(&info);
        jpeg_set_quality(&info, kind.quality, TRUE);
        info.comp_info[0].h_samp_factor = kind.acrossFactor;
        info.comp_info[0].v_samp_factor = kind.downFactor;
        info.restart_interval = kind.restartMcus;
        if (kind.isProgressive) jpeg_simple_progression(&info);
        jpeg_start_compress(&info, TRUE);
        for (JSAMPROW row = pixels; info.next_scanline < kHeight; row += kWidth * kind.channels)
            jpeg_write_scanlines(&info, &row, 1);
        jpeg_finish_compress(&info);
        return true;
    }
};

// Smooth on the left, noise on the right: short and long codes; blocks that end early, late or not at all.
std::vector<uint8_t> drawing(int channels) {
    std::vector<uint8_t> pixels;
    uint32_t random = 1;
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
            for (int channel = 0; channel < channels; ++channel) {
                random = random * 1664525 + 1013904223;
                const uint32_t noise = (random >> 24) * static_cast<uint32_t>(x) / kWidth;
                pixels.push_back(static_cast<uint8_t>(x + 2 * y + 40 * channel + static_cast<int>(noise)));
            }
    return pixels;
}

std::vector<uint8_t> decoded(Bytes file, const Target& target, bool isQuick) {
    std::vector<uint8_t> out(target.bytes());
    Reader reader(Limits{}, isQuick);
    try {
        decodeJpegBy(reader, file, target, Limits{}, out.data());
    } catch (const Refused&) {
        out.clear();
    }
    return out;
}

bool agreesOn(const Kind& kind) {
    Writer writer;
    if (!writer.write(kind, drawing(kind.channels).data())) return false;
    const Bytes file{writer.bytes, writer.length};
    // At full size and at 1/8.
    for (const auto& [width, height] : {std::pair{kWidth, kHeight}, {kWidth / 8, kHeight / 8}}) {
        const Target target{width, height, kind.channels, Policy::stretch};
        const std::vector<uint8_t> quick = decoded(file, target, true);
        if (quick.empty() || quick != decoded(file, target, false)) return false;
    }
    return true;
}

// Channels, sampling, progressive or not, MCUs between restart markers, quality.
constexpr Kind kKinds[] = {{1, 1, 1, false, 3, 98}, {3, 1, 1, false, 0, 98}, {3, 2, 2, false, 2, 60},
                           {1, 1, 1, true, 0, 60},  {3, 2, 1, true, 0, 98},  {3, 2, 2, true, 3, 60}};

}  // namespace

bool isQuickEntropySound() {
    static const bool isSound = std::all_of(std::begin(kKinds), std::end(kKinds), agreesOn);
    return isSound;
}

}  // namespace normlab::image
