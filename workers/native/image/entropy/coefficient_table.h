// Tables that decode several coefficients of a scan at a time.
#pragma once

#include "huffman_table.h"

namespace normlab::image {

// The most bits that one lookup consumes. Codes lie within the bits looked up; the extra bits of the last one may lie
// after them.
constexpr int kMostBits = 18;

// One or two consecutive coefficients in the next bits, and the end of the block if it follows. Packed in one number
// with `bits` in the lowest position, since the next lookup depends on it.
class CoefficientPair {
   public:
    struct Fields {
        unsigned bits = 0;
        // Positions of the coefficients from here on; equal when there is only one. kNoPair: use a single step.
        unsigned first = 0;
        unsigned second = 0;
        // Distance to the position after the last one, plus kBlockEnd at the end of the block.
        unsigned advance = 0;
        // Value of the first of two; 0 when there is only one.
        int firstValue = 0;
        // Start and number of the last one's extra bits; the number is 0 for none.
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
    // Value of the last one, from its extra bits in the window.
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

// The coefficients in the next bits, to be skipped.
struct alignas(4) CoefficientRun {
    uint8_t bits;
    // Position of the last one from here on; kNoPair: use a single step.
    uint8_t last;
    // As in CoefficientPair.
    uint8_t advance;
};

class CoefficientTable : public HuffmanTable {
   public:
    // As HuffmanTable::assign, for the table alone, with the table of pairs, or with that of runs. Does nothing if the
    // table has not changed.
    void assign(const JHUFF_TBL& source);
    void assignWithPairs(const JHUFF_TBL& source);
    void assignWithRuns(const JHUFF_TBL& source);

    NORMLAB_INLINE const CoefficientPair& lookAtPair(const BitSource& bits) const {
        return pairs_[bits.peek(kLookBits)];
    }
    NORMLAB_INLINE const CoefficientRun& lookAtRun(const BitSource& bits) const { return runs_[bits.peek(kRunBits)]; }

   private:
    // Larger than kLookBits: when coefficients are skipped, nothing else needs the cache.
    static constexpr int kRunBits = 12;

    CoefficientPair pairOf(uint32_t next) const;
    CoefficientRun runOf(uint32_t next) const;

    bool hasPairs_ = false;
    bool hasRuns_ = false;
    std::array<CoefficientPair, 1 << kLookBits> pairs_{};
    std::array<CoefficientRun, 1 << kRunBits> runs_{};
};

}  // namespace normlab::image
