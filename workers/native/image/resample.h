// Antialiased bilinear resampling (a triangle filter scaled to the source area of a pixel), in the fixed-point form of
// Pillow's Image.resize(BILINEAR): 22 fractional bits, rows first, each pass rounded to bytes. The results are
// identical on every machine.
#pragma once

#include <cstdint>
#include <vector>

#include "placement.h"

namespace normlab::image {

// Receives the rows of an image from top to bottom.
class RowSink {
   public:
    virtual ~RowSink() = default;
    // `row` holds width * channels bytes, and at least 4 more that may be read and are ignored.
    virtual void push(const uint8_t* row) = 0;
};

// Readable bytes required after a row.
constexpr size_t kRowSlack = 16;

// One axis: the source pixels of each kept pixel, and their weights (sum 2^22).
struct Taps {
    std::vector<int64_t> first;
    std::vector<int32_t> count;
    std::vector<int32_t> weights;  // `width` weights for each kept pixel
    int64_t width = 0;
    bool isCopy = false;

    const int32_t* of(int64_t pixel) const { return weights.data() + pixel * width; }
};
Taps makeTaps(const Extent& source, const Span& span);

// Four taps at a time. Weights are split into two halves of 11 bits, so that sums of 16-bit products give the same
// 32-bit integers.
struct PackedTaps {
    // For each kept pixel `groups` times 32 numbers: the high halves of taps 0 and 1 four times, of 2 and 3 four times,
    // then the low halves.
    std::vector<int16_t> weights;
    int64_t groups = 0;
};

// Resizes an upright image of `channels` (1 or 3), placed as in `placed`, row by row into `out`: [target.height,
// target.width, channels]. Pixels outside the image are black.
class Resampler : public RowSink {
   public:
    Resampler(const Extent& width, const Extent& height, const Placement& placed, int64_t channels,
              const Target& target, uint8_t* out);
    void push(const uint8_t* row) override;

   private:
    void shrinkRow(const uint8_t* row);
    void addRow();
    void finishRow();

    const Target target_;
    const int64_t channels_;
    const Placement placed_;
    const Taps across_;
    const Taps down_;
    PackedTaps packed_;
    uint8_t* const out_;
    std::vector<uint8_t> line_;
    std::vector<int32_t> sums_;  // of the rows in progress, one after another
    int64_t next_ = 0;           // source row
    int64_t done_ = 0;           // finished kept rows
    int64_t begun_ = 0;          // kept rows finished or in progress
    int64_t rowsHeld_ = 0;
};

}  // namespace normlab::image
