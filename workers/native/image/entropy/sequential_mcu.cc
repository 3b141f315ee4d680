#include "../../src/multiversion.h"
#include "entropy_scan.h"

namespace normlab::image {
namespace {

// As many tables' looks as 56 bits are good for.
constexpr int kLooks = 56 / HuffmanTable::kLookBits;

// One step of a block at coefficient k; gives the next k, kBlockEnd more at the block's end, and 0 for what is no code.
NORMLAB_INLINE unsigned readOne(BitSource& bits, const HuffmanTable& table, unsigned k, JCOEF* block) {
    bits.fill();
    const HuffmanStep step = table.look(bits);
    int32_t value = step.value;
    int symbol = step.symbol;
    if (value != 0) bits.skip(step.bits);
    else {
        symbol = table.readSymbol(step, bits);
        if (symbol < 0) return 0;
        if ((symbol & 15) != 0) value = HuffmanTable::readNumber(bits, symbol & 15);
        else if (symbol != 0xf0) return k + kBlockEnd;
    }
    k += static_cast<unsigned>(symbol) >> 4;
    if (value != 0) block[kNaturalOrder[k]] = static_cast<JCOEF>(value);
    return k + 1;
}

// The 63 coefficients behind the DC one. What reaches the last one is left to single steps: it may end the block.
NORMLAB_INLINE bool readAc(BitSource& bits, const CoefficientTable& table, JCOEF* block) {
    unsigned k = 1;
    for (;;) {
        bits.fill();
        for (int look = 0; look < kLooks; ++look) {
            const CoefficientPair pair = table.lookAtPair(bits);
            if (k + pair.second >= DCTSIZE2 - 1) {
                if (k >= DCTSIZE2) return k == DCTSIZE2 || k >= kBlockEnd;
                k = readOne(bits, table, k, block);
                if (k == 0) return false;
                break;
            }
            bits.skip(pair.bits);
            block[kNaturalOrder[k + pair.second]] = pair.secondValue;
            block[kNaturalOrder[k + pair.first]] = pair.firstValue;
            k += pair.advance;
        }
    }
}

// Steps over them.
NORMLAB_INLINE bool skipAc(BitSource& bits, const CoefficientTable& table) {
    JBLOCK unused;
    unsigned k = 1;
    for (;;) {
        bits.fill();
        for (int look = 0; look < kLooks; ++look) {
            const CoefficientRun run = table.lookAtRun(bits);
            if (k + run.last >= DCTSIZE2 - 1) {
                if (k >= DCTSIZE2) return k == DCTSIZE2 || k >= kBlockEnd;
                k = readOne(bits, table, k, unused);
                if (k == 0) return false;
                break;
            }
            bits.skip(run.bits);
            k += run.advance;
        }
    }
}

}  // namespace

NORMLAB_MULTIVERSION
bool decodeSequential(EntropyScan& scan, JBLOCKROW* blocks) {
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
}

}  // namespace normlab::image
