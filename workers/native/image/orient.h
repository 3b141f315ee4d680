#pragma once

#include <vector>

#include "resample.h"

namespace normlab::image {

// Receives the rows of an image as stored and passes them on upright. The result equals orienting the whole image
// first. An image with orientation 3 to 8 is buffered until its last row has arrived.
class Orienter : public RowSink {
   public:
    // `width`, `height`: as stored. Throws Refused when an image that needs buffering has more pixels than the limit.
    Orienter(int orientation, int64_t width, int64_t height, int64_t channels, const Limits& limits, RowSink& next);
    void push(const uint8_t* row) override;

   private:
    void pushTurned();
    void fillBand(int64_t firstRow, int64_t rows, uint8_t* band, int64_t stride) const;
    void mirror(const uint8_t* row, uint8_t* out) const;

    const int orientation_;
    const int64_t width_;
    const int64_t height_;
    const int64_t channels_;
    RowSink& next_;
    std::vector<uint8_t> held_;
    std::vector<uint8_t> line_;
    int64_t rows_ = 0;
};

// True when the orientation swaps width and height.
inline bool isTurned(int orientation) {
    return orientation >= 5;
}

// The extents of an upright image, in stored pixels. Each stored pixel covers `scale` pixels of the image per axis; the
// last column and row may be covered in part.
struct Extents {
    Extent across;
    Extent down;
};
Extents extentsOf(int orientation, int64_t width, int64_t height, int64_t storedWidth, int64_t storedHeight,
                  double scale);

}  // namespace normlab::image
