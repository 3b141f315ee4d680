// Tables that take several coefficients of a sequential scan at a time.
#pragma once

#include "huffman_table.h"

namespace normlab::image {

// One or two coefficients of a sequential scan that follow each other in the next bits, and the end of the block where it comes next.
struct alignas(8) CoefficientPair {
    uint8_t bits;
    // Where they go, from here on; the same place twice when there is but one. kNoPair when a single step has to do it.
    uint8_t first;
    uint8_t second;
    // Beyond the last one; kBlockEnd more at the end of the block.
    uint8_t advance;
    int16_t firstValue;
    int16_t secondValue;
};
constexpr uint8_t kBlockEnd = 128;
constexpr uint8_t kNoPair = 255;

// As many coefficients as are in the next bits, to be stepped over.
struct alignas(4) CoefficientRun {
    uint8_t bits;
    // Where the last one is, from here on; kNoPair when a single step has to do it.
    uint8_t last;
    // As above.
    uint8_t advance;
};

class CoefficientTable : public HuffmanTable {
   public:
    // As HuffmanTable's, alone, with the table of pairs, or with that of runs; at no cost when it has not changed since.
    void assign(const JHUFF_TBL& source);
    void assignWithPairs(const JHUFF_TBL& source);
    void assignWithRuns(const JHUFF_TBL& source);

    NORMLAB_INLINE const CoefficientPair& lookAtPair(const BitSource& bits) const { return pairs_[bits.peek(kLookBits)]; }
    NORMLAB_INLINE const CoefficientRun& lookAtRun(const BitSource& bits) const { return runs_[bits.peek(kLookBits)]; }

   private:
    CoefficientPair pairOf(uint32_t next) const;
    CoefficientRun runOf(uint32_t next) const;

    bool hasPairs_ = false;
    bool hasRuns_ = false;
    std::array<CoefficientPair, 1 << kLookBits> pairs_{};
    std::array<CoefficientRun, 1 << kLookBits> runs_{};
};

}  // namespace normlab::image
