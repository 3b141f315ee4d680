#include "resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "loops.h"
#include "packed_taps.h"

namespace normlab::image {
namespace {

double triangle(double x) {
    const double distance = std::fabs(x);
    return distance < 1 ? 1 - distance : 0;
}

}  // namespace

// The order of operations determines the last bit of a weight.
Taps makeTaps(const Extent& source, const Span& span) {
    const double scale = source.length / static_cast<double>(span.full);
    const double stretch = std::max(scale, 1.0);
    const double perPixel = 1.0 / stretch;
    Taps taps;
    taps.isCopy = scale == 1 && source.from == 0 && span.first == 0 && span.count == source.pixels;
    taps.width = static_cast<int64_t>(std::ceil(stretch)) * 2 + 1;
    taps.weights.assign(static_cast<size_t>(taps.width * span.count), 0);
    std::vector<double> exact(static_cast<size_t>(taps.width));
    for (int64_t kept = 0; kept < span.count; ++kept) {
        const double centre = source.from + (static_cast<double>(span.first + kept) + 0.5) * scale;
        const int64_t from = std::max<int64_t>(0, static_cast<int64_t>(centre - stretch + 0.5));
        const int64_t to = std::min(source.pixels, static_cast<int64_t>(centre + stretch + 0.5));
        double sum = 0;
        for (int64_t at = 0; at < to - from; ++at) {
            exact[at] = triangle((static_cast<double>(at + from) - centre + 0.5) * perPixel);
            sum += exact[at];
        }
        int32_t* weights = taps.weights.data() + kept * taps.width;
        for (int64_t at = 0; at < to - from; ++at)
            weights[at] = static_cast<int32_t>(0.5 + (sum == 0 ? exact[at] : exact[at] / sum) * (1 << kWeightBits));
        taps.first.push_back(from);
        taps.count.push_back(static_cast<int32_t>(to - from));
    }
    return taps;
}

Resampler::Resampler(const Extent& width, const Extent& height, const Placement& placed, int64_t channels,
                     const Target& target, uint8_t* out)
    : target_(target),
      channels_(channels),
      placed_(placed),
      across_(makeTaps(width, placed_.x)),
      down_(makeTaps(height, placed_.y)),
      out_(out),
      line_(static_cast<size_t>(placed_.x.count * channels) + kRowSlack) {
    if (placed_.x.count < target.width || placed_.y.count < target.height)
        std::memset(out, 0, static_cast<size_t>(target.width * target.height * channels));
    if (channels == 3 && !across_.isCopy) packed_ = packTaps(across_);
    // The number of kept rows that one source row can contribute to; their sums are in a ring buffer.
    int64_t end = 0;
    for (int64_t kept = 0; kept < placed_.y.count; ++kept) {
        while (end < placed_.y.count && down_.first[end] < down_.first[kept] + down_.count[kept]) ++end;
        rowsHeld_ = std::max(rowsHeld_, end - kept);
    }
    if (!down_.isCopy) sums_.resize(static_cast<size_t>(rowsHeld_ * placed_.x.count * channels));
}

void Resampler::push(const uint8_t* row) {
    shrinkRow(row);
    if (down_.isCopy) finishRow();
    else addRow();
    ++next_;
}

void Resampler::shrinkRow(const uint8_t* row) {
    const int64_t count = placed_.x.count;
    if (across_.isCopy) std::memcpy(line_.data(), row, static_cast<size_t>(count * channels_));
    else if (packed_.groups > 0) resampleRow3(row, across_, packed_, line_.data());
    else if (channels_ == 3)
        resampleRow3(row, across_.first.data(), across_.count.data(), across_.of(0), across_.width, count,
                     line_.data());
    else
        resampleRow1(row, across_.first.data(), across_.count.data(), across_.of(0), across_.width, count,
                     line_.data());
}

void Resampler::addRow() {
    const int64_t length = placed_.x.count * channels_;
    for (; begun_ < placed_.y.count && down_.first[begun_] <= next_; ++begun_)
        std::fill_n(sums_.data() + begun_ % rowsHeld_ * length, length, 1 << (kWeightBits - 1));
    for (int64_t kept = done_; kept < begun_; ++kept) {
        const int64_t tap = next_ - down_.first[kept];
        if (tap < down_.count[kept])
            addWeighted(line_.data(), down_.of(kept)[tap], length, sums_.data() + kept % rowsHeld_ * length);
    }
    while (done_ < begun_ && down_.first[done_] + down_.count[done_] <= next_ + 1) finishRow();
}

void Resampler::finishRow() {
    const int64_t length = placed_.x.count * channels_;
    uint8_t* to = out_ + ((placed_.y.at + done_) * target_.width + placed_.x.at) * channels_;
    if (down_.isCopy) std::memcpy(to, line_.data(), static_cast<size_t>(length));
    else roundSums(sums_.data() + done_ % rowsHeld_ * length, length, to);
    ++done_;
}

}  // namespace normlab::image
