// Huffman codes of a JPEG as tables that decode a code and its extra bits in one step.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>

#include <jpeglib.h>

#include "bit_source.h"

namespace normlab::image {

// A decoded code. `code` is 0 if the code is longer than the table's lookup.
struct alignas(4) HuffmanStep {
    // Bits of the code; bits of the code and its extra bits.
    uint8_t code;
    uint8_t bits;
    // Run of zeros in the upper four bits, number of extra bits in the lower four.
    uint8_t symbol;
};

// The signed value of the first `size` (0 to 15) bits of `from`: the lower half of the range is negative, and size 0 is
// 0. Branch-free, since the bits are unpredictable.
NORMLAB_INLINE int32_t numberAt(uint64_t from, int size) {
    const uint64_t flip = static_cast<uint64_t>(static_cast<int64_t>(~from) >> 63);
    const uint64_t raw = (from ^ flip) >> 1 >> (63 - size);
    return static_cast<int32_t>((raw ^ flip) - flip);
}

class HuffmanTable {
   public:
    static constexpr int kLookBits = 10;
    static constexpr int kNoSymbol = -1;

    // Copies a table that the library has validated. Returns false if it has not changed.
    bool assign(const JHUFF_TBL& source);

    NORMLAB_INLINE const HuffmanStep& look(const BitSource& bits) const { return steps_[bits.peek(kLookBits)]; }

    // Decodes the next code and its extra bits, up to 31 bits, which must be in the window; kNoSymbol for an invalid
    // code. `number`: the value of the extra bits.
    NORMLAB_INLINE int read(BitSource& bits, int32_t& number) const {
        HuffmanStep step = look(bits);
        if (step.code == 0) {
            step = findLongCode(bits.peek(16));
            if (step.code == 0) return kNoSymbol;
        }
        number = numberAt(bits.window << step.code, step.symbol & 15);
        bits.skip(step.bits);
        return step.symbol;
    }

   protected:
    // The step after the first `used` of the `known` (at least kLookBits) bits of `next`; `code` is 0 if the remaining
    // bits do not determine it.
    HuffmanStep stepBehind(uint32_t next, int known, int used) const;

   private:
    void addCode(uint32_t code, int length, uint8_t symbol);
    __attribute__((noinline)) HuffmanStep findLongCode(uint32_t next) const;

    JHUFF_TBL source_{};
    bool isMade_ = false;
    std::array<HuffmanStep, 1 << kLookBits> steps_{};
    // By code length: the last code + 1, aligned to 16 bits, and the offset of its symbols.
    std::array<uint32_t, 17> limits_{};
    std::array<int32_t, 17> offsets_{};
};

}  // namespace normlab::image
