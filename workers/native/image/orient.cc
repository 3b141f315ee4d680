#include "orient.h"

#include <algorithm>
#include <cstring>

namespace normlab::image {
namespace {

// Rows of the oriented image written at a time: their source pixels are adjacent.
constexpr int64_t kBandRows = 16;

}  // namespace

Extents extentsOf(int orientation, int64_t width, int64_t height, int64_t storedWidth, int64_t storedHeight,
                  double scale) {
    const double wide = static_cast<double>(width) / scale;
    const double high = static_cast<double>(height) / scale;
    const bool fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const Extent columns{storedWidth, fromRight ? static_cast<double>(storedWidth) - wide : 0, wide};
    const Extent rows{storedHeight, fromBottom ? static_cast<double>(storedHeight) - high : 0, high};
    return isTurned(orientation) ? Extents{rows, columns} : Extents{columns, rows};
}

Orienter::Orienter(int orientation, int64_t width, int64_t height, int64_t channels, const Limits& limits,
                   RowSink& next)
    : orientation_(orientation), width_(width), height_(height), channels_(channels), next_(next) {
    if (orientation == 2) line_.resize(static_cast<size_t>(width * channels) + kRowSlack);
    if (orientation < 3) return;
    if (width * height > limits.maxTurnedPixels) throw Refused("too large to be turned here");
    held_.resize(static_cast<size_t>(width * height * channels) + kRowSlack);
}

void Orienter::push(const uint8_t* row) {
    if (orientation_ == 1) return next_.push(row);
    if (orientation_ == 2) {
        mirror(row, line_.data());
        return next_.push(line_.data());
    }
    std::memcpy(held_.data() + rows_ * width_ * channels_, row, static_cast<size_t>(width_ * channels_));
    if (++rows_ == height_) pushTurned();
}

void Orienter::mirror(const uint8_t* row, uint8_t* out) const {
    for (int64_t x = 0; x < width_; ++x)
        for (int64_t channel = 0; channel < channels_; ++channel)
            out[x * channels_ + channel] = row[(width_ - 1 - x) * channels_ + channel];
}

void Orienter::pushTurned() {
    const int64_t width = isTurned(orientation_) ? height_ : width_;
    const int64_t height = isTurned(orientation_) ? width_ : height_;
    const int64_t stride = width * channels_ + static_cast<int64_t>(kRowSlack);
    std::vector<uint8_t> band(static_cast<size_t>(kBandRows * stride));
    for (int64_t first = 0; first < height; first += kBandRows) {
        const int64_t rows = std::min(kBandRows, height - first);
        fillBand(first, rows, band.data(), stride);
        for (int64_t row = 0; row < rows; ++row) next_.push(band.data() + row * stride);
    }
}

void Orienter::fillBand(int64_t firstRow, int64_t rows, uint8_t* band, int64_t stride) const {
    if (!isTurned(orientation_)) {
        for (int64_t row = 0; row < rows; ++row) {
            const uint8_t* from = held_.data() + (height_ - 1 - firstRow - row) * width_ * channels_;
            if (orientation_ == 3) mirror(from, band + row * stride);
            else std::memcpy(band + row * stride, from, static_cast<size_t>(width_ * channels_));
        }
        return;
    }
    const bool fromRight = orientation_ == 7 || orientation_ == 8;
    const bool fromBottom = orientation_ == 6 || orientation_ == 7;
    for (int64_t x = 0; x < height_; ++x) {
        const uint8_t* stored = held_.data() + (fromBottom ? height_ - 1 - x : x) * width_ * channels_;
        for (int64_t row = 0; row < rows; ++row) {
            const int64_t column = fromRight ? width_ - 1 - firstRow - row : firstRow + row;
            uint8_t* to = band + row * stride + x * channels_;
            if (channels_ == 3) std::memcpy(to, stored + column * 3, 3);
            else *to = stored[column];
        }
    }
}

}  // namespace normlab::image
