// Huffman codes of a JPEG as tables that give a code and the number behind it in one step.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>

#include <jpeglib.h>

#include "bit_source.h"

namespace normlab::image {

// What the next bits hold; `code` 0: a code longer than the tables reach.
struct alignas(4) HuffmanStep {
    // Bits of the code, and of the code with its extra bits.
    uint8_t code;
    uint8_t bits;
    // Run of zeros in the high half, number of extra bits in the low one.
    uint8_t symbol;
};

// The number in the first `size` bits of `from`, 0 to 15: the lower half of the range is negative, and no bits are 0.
// What a bit says cannot be foreseen, so there is no branch on it.
NORMLAB_INLINE int32_t numberAt(uint64_t from, int size) {
    const uint64_t flip = static_cast<uint64_t>(static_cast<int64_t>(~from) >> 63);
    const uint64_t raw = (from ^ flip) >> 1 >> (63 - size);
    return static_cast<int32_t>((raw ^ flip) - flip);
}

class HuffmanTable {
   public:
    static constexpr int kLookBits = 10;
    static constexpr int kNoSymbol = -1;

    // Takes over a table the library has found sound. False: it has not changed since.
    bool assign(const JHUFF_TBL& source);

    NORMLAB_INLINE const HuffmanStep& look(const BitSource& bits) const { return steps_[bits.peek(kLookBits)]; }

    // Steps over the next code and its extra bits, of which there must be up to 31 in the window; kNoSymbol when there
    // is no such code. `number`: what the extra bits say.
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
    // The step behind the first `used` of the `known` (kLookBits or more) bits of `next`; `code` 0 when the rest does
    // not tell.
    HuffmanStep stepBehind(uint32_t next, int known, int used) const;

   private:
    void addCode(uint32_t code, int length, uint8_t symbol);
    __attribute__((noinline)) HuffmanStep findLongCode(uint32_t next) const;

    JHUFF_TBL source_{};
    bool isMade_ = false;
    std::array<HuffmanStep, 1 << kLookBits> steps_{};
    // By length of code: one more than the last code, in 16 bits, and where its symbols are.
    std::array<uint32_t, 17> limits_{};
    std::array<int32_t, 17> offsets_{};
};

}  // namespace normlab::image
