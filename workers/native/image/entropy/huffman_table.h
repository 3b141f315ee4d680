// Huffman codes of a JPEG as tables that give a code and the number behind it in one step.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>

#include <jpeglib.h>

#include "bit_source.h"

namespace normlab::image {

// What the next bits hold. `bits` 0: the code is longer than the tables reach. Otherwise, in bits: the code and its extra bits where
// `value` is complete; the code alone where the extra bits reach beyond the table, or where there are none.
struct HuffmanStep {
    uint8_t bits;
    // Run of zeros in the high half, number of extra bits in the low one.
    uint8_t symbol;
    // The coefficient, never 0; 0 when it is not in the table.
    int16_t value;
};

class HuffmanTable {
   public:
    static constexpr int kLookBits = 11;
    static constexpr int kNoSymbol = -1;

    // Takes over a table the library has found sound. False: it has not changed since.
    bool assign(const JHUFF_TBL& source);

    NORMLAB_INLINE const HuffmanStep& look(const BitSource& bits) const { return steps_[bits.peek(kLookBits)]; }

    // Reads the code of a step without a value; kNoSymbol when there is no such code.
    NORMLAB_INLINE int readSymbol(const HuffmanStep& step, BitSource& bits) const {
        const Code code = step.bits == 0 ? findLongCode(bits.peek(16)) : Code{step.bits, step.symbol};
        bits.skip(code.bits);
        return code.symbol;
    }

    // A number of `size` extra bits, 1 to 15: the lower half of the range is negative.
    static NORMLAB_INLINE int32_t readNumber(BitSource& bits, int size) {
        const auto raw = static_cast<int32_t>(bits.take(size));
        return raw >= 1 << (size - 1) ? raw : raw - (1 << size) + 1;
    }

   protected:
    // The step at the first bits of `next` without the first `used` ones; null when it reaches beyond them, or needs more than a look.
    const HuffmanStep* stepWithin(uint32_t next, int used) const;

   private:
    struct Code {
        int32_t bits;
        int32_t symbol;
    };
    void addCode(uint32_t code, int length, uint8_t symbol);
    __attribute__((noinline)) Code findLongCode(uint32_t next) const;

    JHUFF_TBL source_{};
    bool isMade_ = false;
    std::array<HuffmanStep, 1 << kLookBits> steps_{};
    // By length of code: one more than the last code, in 16 bits, and where its symbols are.
    std::array<uint32_t, 17> limits_{};
    std::array<int32_t, 17> offsets_{};
};

}  // namespace normlab::image
