#include "kernels/taps/tap_conv.h"

#include <algorithm>

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

// Where the taps of one direction read for a result at position `at`: (at * times + tap * slope + shift) / by, where
// that can be divided.
struct Reach {
    int64_t times = 1, slope = 1, shift = 0, by = 1, size = 0;

    // Negative outside the image and where no pixel is read.
    int64_t source(int64_t at, int64_t tap) const {
        const int64_t position = at * times + tap * slope + shift;
        return position < 0 || position >= size * by || position % by != 0 ? -1 : position / by;
    }
};

struct Reaches {
    Reach down, across;
};

Reaches reachesOf(const TapConv& conv, bool backward) {
    if (backward)
        return {{1, -conv.dilationDown, conv.padTop, conv.strideDown, conv.dst.height},
                {1, -conv.dilationAcross, conv.padLeft, conv.strideAcross, conv.dst.width}};
    return {{conv.strideDown, conv.dilationDown, -conv.padTop, 1, conv.src.height},
            {conv.strideAcross, conv.dilationAcross, -conv.padLeft, 1, conv.src.width}};
}

struct Pixel {
    int64_t y = 0, x = 0;
};

// The results that the same taps read, whose remainders of the stride are (down, across).
std::vector<Pixel> pixelsOf(const GroupedImage& result, const Reaches& reaches, int64_t down, int64_t across) {
    std::vector<Pixel> out;
    for (int64_t y = down; y < result.height; y += reaches.down.by)
        for (int64_t x = across; x < result.width; x += reaches.across.by) out.push_back({y, x});
    return out;
}

void addTile(const TapConv& conv, const Reaches& reaches, const Pixel* pixels, int32_t count, TapTiles& all) {
    TapTiles::Tile tile;
    tile.pixels = count;
    tile.firstTap = static_cast<int32_t>(all.reads.size());
    for (int p = 0; p < count; ++p)
        tile.to[p] = (pixels[p].y * all.result.width + pixels[p].x) * all.result.pixelStride;
    for (int64_t tap = 0; tap < all.taps; ++tap) {
        TapTiles::Read read;
        read.tap = tap;
        bool reads = false;
        for (int p = 0; p < count; ++p) {
            const int64_t y = reaches.down.source(pixels[p].y, tap / conv.kernelWidth);
            const int64_t x = reaches.across.source(pixels[p].x, tap % conv.kernelWidth);
            read.from[p] = y < 0 || x < 0 ? -1 : (y * all.source.width + x) * all.source.pixelStride;
            reads = reads || read.from[p] >= 0;
        }
        if (reads) all.reads.push_back(read);
    }
    tile.lastTap = static_cast<int32_t>(all.reads.size());
    all.tiles.push_back(tile);
}

}  // namespace

TapTiles::TapTiles(const TapConv& conv, bool backward)
    : source(backward ? conv.dst : conv.src),
      result(backward ? conv.src : conv.dst),
      sources(backward ? conv.outs : conv.ins),
      results(backward ? conv.ins : conv.outs),
      taps(conv.taps()) {
    const Reaches reaches = reachesOf(conv, backward);
    for (int64_t down = 0; down < reaches.down.by; ++down) {
        for (int64_t across = 0; across < reaches.across.by; ++across) {
            const std::vector<Pixel> pixels = pixelsOf(result, reaches, down, across);
            const int64_t count = static_cast<int64_t>(pixels.size());
            for (int64_t at = 0; at < count; at += kTilePixels)
                addTile(conv, reaches, &pixels[static_cast<size_t>(at)],
                        static_cast<int32_t>(std::min<int64_t>(kTilePixels, count - at)), *this);
        }
    }
}

void packTaps(const TapConv& conv, const float* kernel, bool backward, int64_t first, int64_t last, float* packed) {
    const int64_t taps = conv.taps(), channels = conv.ins * kLanes, sources = backward ? conv.outs : conv.ins;
    for (int64_t result = first; result < last; ++result) {
        for (int64_t source = 0; source < sources * kLanes; ++source) {
            float* to = packed + (result * sources + source / kLanes) * taps * 256 + source % kLanes * kLanes;
            for (int64_t lane = 0; lane < kLanes; ++lane) {
                const int64_t other = result * kLanes + lane;
                const float* from = kernel + (backward ? source * channels + other : other * channels + source) * taps;
                for (int64_t tap = 0; tap < taps; ++tap) to[tap * 256 + lane] = from[tap];
            }
        }
    }
}

#if NORMLAB_VECTORS && NORMLAB_LEVELS
namespace {

#define NORMLAB_EIGHTS
NORMLAB_LEVEL_BEGIN_V3
namespace v3 {
#include "kernels/lanes/lanes.inc"
#include "kernels/taps/tap_images.inc"
#include "kernels/taps/tap_weights.inc"
}  // namespace v3
NORMLAB_LEVEL_END
#undef NORMLAB_EIGHTS

}  // namespace

const TapKernels* tapKernels() {
    return cpuLevel() == 3 ? &v3::kTaps : nullptr;
}

#elif NORMLAB_VECTORS && NORMLAB_ARM64

namespace {
#include "kernels/lanes/lanes.inc"
#include "kernels/taps/tap_images.inc"
#include "kernels/taps/tap_weights.inc"
}  // namespace

const TapKernels* tapKernels() {
    return &kTaps;
}

#else

const TapKernels* tapKernels() {
    return nullptr;
}

#endif

}  // namespace normlab
