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

}  // namespace

Placement place(int64_t width, int64_t height, const Target& target) {
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
    const Placement placed = place(width, height, target);
    for (int64_t scale : {8, 4, 2})
        if (width >= scale * placed.x.full && height >= scale * placed.y.full) return scale;
    return 1;
}

}  // namespace normlab::image
