#include "placement.h"

#include <algorithm>
#include <cmath>

namespace normlab::image {
namespace {

int64_t rounded(double value) {
    return std::max<int64_t>(1, std::llround(value));
}

Span spanOf(int64_t full, int64_t wanted) {
    if (full >= wanted) return {full, (full - wanted + 1) / 2, wanted, 0};
    return {full, 0, full, (wanted - full) / 2};
}

// Half of the removed pixels go before the kept ones; half a pixel rounds to even, as Python's round() does.
Span centred(int64_t full, int64_t wanted) {
    const int64_t removed = full - wanted;
    const int64_t half = removed / 2;
    return {full, removed % 2 == 1 && half % 2 == 1 ? half + 1 : half, wanted, 0};
}

// The image is resized to cover an area larger than the target by the fraction, and the centre of the target's size is
// kept. The same as in workers/data/pixels/placement.ts.
Placement placeCrop(int64_t width, int64_t height, const Target& target) {
    const int64_t wide = std::llround(static_cast<double>(target.width) / target.cropFraction);
    const int64_t high = std::llround(static_cast<double>(target.height) / target.cropFraction);
    const bool widthDecides = width * high < height * wide;
    return {centred(widthDecides ? wide : high * width / height, target.width),
            centred(widthDecides ? wide * height / width : high, target.height)};
}

}  // namespace

Placement place(int64_t width, int64_t height, const Target& target) {
    if (target.policy == Policy::crop) return placeCrop(width, height, target);
    int64_t fullWidth = target.width;
    int64_t fullHeight = target.height;
    const double byWidth = static_cast<double>(width) / static_cast<double>(target.width);
    const double byHeight = static_cast<double>(height) / static_cast<double>(target.height);
    const bool widthDecides = target.policy == Policy::fit ? byWidth > byHeight : byWidth < byHeight;
    if (target.policy != Policy::stretch) {
        if (widthDecides) fullHeight = rounded(static_cast<double>(height) / byWidth);
        else fullWidth = rounded(static_cast<double>(width) / byHeight);
    }
    return {spanOf(fullWidth, target.width), spanOf(fullHeight, target.height)};
}

int64_t decodeScale(int64_t width, int64_t height, const Target& target) {
    if (target.policy == Policy::crop) return 1;
    const Placement placed = place(width, height, target);
    for (int64_t scale : {8, 4, 2})
        if (width >= scale * placed.x.full && height >= scale * placed.y.full) return scale;
    return 1;
}

}  // namespace normlab::image
