#include "kernels/lanes/multiversion.h"
#include "entropy_scan.h"

namespace normlab::image {
namespace {

// Number of lookups that 56 bits suffice for.
constexpr int kLooks = 56 / kMostBits;

// Decodes one symbol at coefficient k. Returns the next k, plus kBlockEnd at the end of the block; 0 for an invalid
// code.
NORMLAB_INLINE unsigned readOne(BitSource& bits, const HuffmanTable& table, unsigned k, JCOEF* block) {
    bits.fill();
    int32_t value = 0;
    const int symbol = table.read(bits, value);
    if (symbol < 0) return 0;
    if ((symbol & 15) == 0 && symbol != 0xf0) return k + kBlockEnd;
    k += static_cast<unsigned>(symbol) >> 4;
    if (value != 0) block[kNaturalOrder[k]] = static_cast<JCOEF>(value);
    return k + 1;
}

// Decodes the 63 AC coefficients. The last one is left to single steps, since it may end the block.
NORMLAB_INLINE bool readAc(BitSource& bits, const CoefficientTable& table, JCOEF* block) {
    unsigned k = 1;
    for (;;) {
        bits.fill();
        for (int look = 0; look < kLooks; ++look) {
            const CoefficientPair pair = table.lookAtPair(bits);
            if (k + pair.second() >= DCTSIZE2 - 1) {
                k = readOne(bits, table, k, block);
                if (k == 0 || k >= DCTSIZE2) return k == DCTSIZE2 || k >= kBlockEnd;
                break;
            }
            block[kNaturalOrder[k + pair.first()]] = pair.firstValue();
            block[kNaturalOrder[k + pair.second()]] = static_cast<JCOEF>(pair.secondValue(bits.window));
            bits.skip(pair.bits());
            k += pair.advance();
            if (k >= kBlockEnd) return true;
        }
    }
}

// Skips the AC coefficients.
NORMLAB_INLINE bool skipAc(BitSource& bits, const CoefficientTable& table) {
    JBLOCK unused;
    unsigned k = 1;
    for (;;) {
        bits.fill();
        for (int look = 0; look < kLooks; ++look) {
            const CoefficientRun run = table.lookAtRun(bits);
            if (k + run.last >= DCTSIZE2 - 1) {
                k = readOne(bits, table, k, unused);
                if (k == 0 || k >= DCTSIZE2) return k == DCTSIZE2 || k >= kBlockEnd;
                break;
            }
            bits.skip(run.bits);
            k += run.advance;
            if (k >= kBlockEnd) return true;
        }
    }
}

}  // namespace

NORMLAB_BY_LEVEL(bool, decodeSequential, (EntropyScan & scan, JBLOCKROW* blocks), (scan, blocks), {
    BitSource bits = scan.bits;
    bool isSound = true;
    for (int32_t at = 0; at < scan.blocks && isSound; ++at) {
        ScanComponent& component = scan.components[scan.owners[at]];
        JCOEF* block = *blocks[at];
        isSound = readDc(bits, component);
        block[0] = static_cast<JCOEF>(component.lastDc);
        isSound = isSound && (component.needsAc ? readAc(bits, *component.ac, block) : skipAc(bits, *component.ac));
    }
    scan.bits = bits;
    return isSound;
})

}  // namespace normlab::image
