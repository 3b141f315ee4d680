#pragma once

#include <vector>

#include "resample.h"

namespace normlab::image {

// Takes the rows of an image as it is stored and hands them on as they are to be seen: pixel for pixel what turning
// the whole image first would give. A turned image (3 to 8) is held whole until its last row has come.
class Orienter : public RowSink {
   public:
    // `width`, `height`: as stored. Throws Refused when an image to be turned has more pixels than the limit.
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

// True when the image is seen with width and height exchanged.
inline bool isTurned(int orientation) {
    return orientation >= 5;
}

// An upright picture's rows and columns in stored pixels. The stored pixels cover `scale` times as much of the image
// each; its last column and row may be covered in part.
struct Extents {
    Extent across;
    Extent down;
};
Extents extentsOf(int orientation, int64_t width, int64_t height, int64_t storedWidth, int64_t storedHeight,
                  double scale);

}  // namespace normlab::image
