// Tables that take several coefficients of a scan at a time.
#pragma once

#include "huffman_table.h"

namespace normlab::image {

// The most bits that a look at these tables takes: codes are within the bits that are looked at, extra bits of the last
// one may lie behind.
constexpr int kMostBits = 18;

// One or two coefficients of a scan that follow each other in the next bits, and the end of the block where it comes
// next. One number, because what comes next waits for `bits`: they are the lowest ones, ready for a shift.
class CoefficientPair {
   public:
    struct Fields {
        unsigned bits = 0;
        // Where they go, from here on; the same place twice when there is but one. kNoPair when a single step has to do
        // it.
        unsigned first = 0;
        unsigned second = 0;
        // Beyond the last one; kBlockEnd more at the end of the block.
        unsigned advance = 0;
        // Of the first of two; 0 when there is but one.
        int firstValue = 0;
        // Where the extra bits of the last one begin, and how many there are: none where it is 0.
        unsigned begin = 0;
        unsigned size = 0;
    };
    CoefficientPair() = default;
    explicit CoefficientPair(const Fields& fields)
        : all_(fields.bits | fields.begin << 8 | fields.size << 16 | uint64_t{fields.first} << 24 |
               uint64_t{fields.second} << 32 | uint64_t{fields.advance} << 40 |
               static_cast<uint64_t>(fields.firstValue) << 48) {}

    NORMLAB_INLINE int bits() const { return static_cast<int>(all_ & 63); }
    NORMLAB_INLINE unsigned first() const { return all_ >> 24 & 255; }
    NORMLAB_INLINE unsigned second() const { return all_ >> 32 & 255; }
    NORMLAB_INLINE unsigned advance() const { return all_ >> 40 & 255; }
    NORMLAB_INLINE int16_t firstValue() const { return static_cast<int16_t>(all_ >> 48); }
    // Of the last one, in the bits looked at.
    NORMLAB_INLINE int32_t secondValue(uint64_t window) const {
        return numberAt(window << (all_ >> 8 & 63), static_cast<int>(all_ >> 16 & 15));
    }

   private:
    uint64_t all_ = 0;
};
constexpr uint8_t kBlockEnd = 128;
constexpr uint8_t kNoPair = 255;
// No value of a pair has more bits than this.
constexpr int kMostSize = 10;

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
    // As HuffmanTable's, alone, with the table of pairs, or with that of runs; at no cost when it has not changed
    // since.
    void assign(const JHUFF_TBL& source);
    void assignWithPairs(const JHUFF_TBL& source);
    void assignWithRuns(const JHUFF_TBL& source);

    NORMLAB_INLINE const CoefficientPair& lookAtPair(const BitSource& bits) const {
        return pairs_[bits.peek(kLookBits)];
    }
    NORMLAB_INLINE const CoefficientRun& lookAtRun(const BitSource& bits) const { return runs_[bits.peek(kRunBits)]; }

   private:
    // Nothing else needs the cache where coefficients are stepped over.
    static constexpr int kRunBits = 12;

    CoefficientPair pairOf(uint32_t next) const;
    CoefficientRun runOf(uint32_t next) const;

    bool hasPairs_ = false;
    bool hasRuns_ = false;
    std::array<CoefficientPair, 1 << kLookBits> pairs_{};
    std::array<CoefficientRun, 1 << kRunBits> runs_{};
};

}  // namespace normlab::image
