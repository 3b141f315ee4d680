#include "../../src/multiversion.h"
#include "entropy_scan.h"

namespace normlab::image {
namespace {

// Bits first to last, 0 <= first <= last <= 63.
NORMLAB_INLINE uint64_t band(int first, int last) { return (~uint64_t{0} << first) & (~uint64_t{0} >> (63 - last)); }

// Blocks without news from here on, this one included.
NORMLAB_INLINE uint32_t readEndRun(BitSource& bits, int size) { return (1u << size) + (size == 0 ? 0 : bits.take(size)); }

// One bit for each coefficient that is not 0 already: whether it grows by `one`.
NORMLAB_INLINE void correct(BitSource& bits, uint64_t nonzero, int32_t one, JCOEF* block) {
    while (nonzero != 0) {
        bits.fill();
        for (int left = 56; left > 0 && nonzero != 0; --left, nonzero &= nonzero - 1) {
            JCOEF& coefficient = block[kNaturalOrder[__builtin_ctzll(nonzero)]];
            const int32_t grows = -static_cast<int32_t>(bits.take(1));
            const int32_t sign = coefficient >> 15;
            // As in the library: a bit that is set already stays.
            const int32_t step = (coefficient & one) == 0 ? (one ^ sign) - sign : 0;
            coefficient = static_cast<JCOEF>(coefficient + (step & grows));
        }
    }
}

}  // namespace

bool decodeDcFirst(EntropyScan& scan, JBLOCKROW* blocks) {
    for (int32_t at = 0; at < scan.blocks; ++at) {
        ScanComponent& component = scan.components[scan.owners[at]];
        if (!readDc(scan.bits, component)) return false;
        const int32_t value = component.lastDc * (1 << scan.shift);
        if (value != static_cast<int16_t>(value)) return false;
        (*blocks[at])[0] = static_cast<JCOEF>(value);
    }
    return true;
}

bool decodeDcRefine(EntropyScan& scan, JBLOCKROW* blocks) {
    for (int32_t at = 0; at < scan.blocks; ++at) {
        scan.bits.fill();
        (*blocks[at])[0] |= static_cast<JCOEF>(scan.bits.take(1) << scan.shift);
    }
    return true;
}

NORMLAB_MULTIVERSION
bool decodeAcFirst(EntropyScan& scan, JBLOCKROW* blocks) {
    if (scan.endRun > 0) {
        --scan.endRun;
        return true;
    }
    BitSource bits = scan.bits;
    const HuffmanTable& table = *scan.components[0].ac;
    JCOEF* block = *blocks[0];
    uint64_t nonzero = scan.nonzero[scan.mcu];
    bool isSound = true;
    for (int k = scan.first; k <= scan.last; ++k) {
        bits.fill();
        const HuffmanStep step = table.look(bits);
        int32_t value = step.value;
        int symbol = step.symbol;
        if (value != 0) bits.skip(step.bits);
        else {
            symbol = table.readSymbol(step, bits);
            isSound = symbol >= 0;
            if (!isSound) break;
            const int size = symbol & 15;
            if (size != 0) value = HuffmanTable::readNumber(bits, size);
            else if (symbol != 0xf0) {
                scan.endRun = readEndRun(bits, symbol >> 4) - 1;
                break;
            }
        }
        k += symbol >> 4;
        const int32_t scaled = value * (1 << scan.shift);
        isSound = k <= scan.last && scaled == static_cast<int16_t>(scaled);
        if (!isSound) break;
        if (value == 0) continue;
        block[kNaturalOrder[k]] = static_cast<JCOEF>(scaled);
        nonzero |= uint64_t{1} << k;
    }
    scan.nonzero[scan.mcu] = nonzero;
    scan.bits = bits;
    return isSound;
}

NORMLAB_MULTIVERSION
bool decodeAcRefine(EntropyScan& scan, JBLOCKROW* blocks) {
    BitSource bits = scan.bits;
    const HuffmanTable& table = *scan.components[0].ac;
    JCOEF* block = *blocks[0];
    const int32_t one = 1 << scan.shift;
    const uint64_t known = scan.nonzero[scan.mcu];
    uint64_t added = 0;
    bool isSound = true;
    int k = scan.first;
    while (scan.endRun == 0 && k <= scan.last) {
        bits.fill();
        const HuffmanStep step = table.look(bits);
        int symbol = step.symbol;
        if (step.value != 0) bits.skip(step.bits);
        else {
            symbol = table.readSymbol(step, bits);
            // A size other than 0 or 1, which fits every table, is no size here.
            isSound = symbol >= 0;
            if (!isSound) break;
            if ((symbol & 15) == 0 && symbol != 0xf0) {
                scan.endRun = readEndRun(bits, symbol >> 4);
                break;
            }
        }
        int32_t value = step.value;
        if (value == 0 && (symbol & 15) != 0) value = HuffmanTable::readNumber(bits, symbol & 15);
        // The coefficient meant is the next zero one behind `run` zero ones; those between that are not 0 are corrected.
        uint64_t zeros = ~known & band(k, scan.last);
        for (int run = symbol >> 4; run > 0; --run) zeros &= zeros - 1;
        isSound = zeros != 0 && value >= -1 && value <= 1;
        if (!isSound) break;
        const int place = __builtin_ctzll(zeros);
        correct(bits, known & band(k, place), one, block);
        if (value != 0) {
            block[kNaturalOrder[place]] = static_cast<JCOEF>(value * one);
            added |= uint64_t{1} << place;
        }
        k = place + 1;
    }
    if (isSound && scan.endRun > 0) {
        if (k <= scan.last) correct(bits, known & band(k, scan.last), one, block);
        --scan.endRun;
    }
    scan.nonzero[scan.mcu] = known | added;
    scan.bits = bits;
    return isSound;
}

}  // namespace normlab::image
