#include "kernels/lanes/multiversion.h"
#include "entropy_scan.h"

namespace normlab::image {
namespace {

// Number of lookups that 56 bits suffice for.
constexpr int kLooks = 56 / kMostBits;
constexpr int kMostShift = 15 - kMostSize;

// Result of a step in the first scan of a band.
enum class Step { on, end, unsound };

// Decodes one symbol at coefficient k and moves k past it.
NORMLAB_INLINE Step readOne(EntropyScan& scan, BitSource& bits, const HuffmanTable& table, int& k, uint64_t& nonzero,
                            JCOEF* block) {
    bits.fill();
    int32_t value = 0;
    const int symbol = table.read(bits, value);
    if (symbol < 0) return Step::unsound;
    if ((symbol & 15) == 0 && symbol != 0xf0) {
        scan.endRun = readEndRun(bits, symbol >> 4) - 1;
        return Step::end;
    }
    k += symbol >> 4;
    const int32_t scaled = value * (1 << scan.shift);
    if (k > scan.last || scaled != static_cast<int16_t>(scaled)) return Step::unsound;
    if (value != 0) {
        block[kNaturalOrder[k]] = static_cast<JCOEF>(scaled);
        nonzero |= coefficientBit(k);
    }
    ++k;
    return Step::on;
}

// Decodes one or two coefficients at a time. Near the end of the band, single steps are used.
NORMLAB_INLINE bool readBand(EntropyScan& scan, BitSource& bits, const CoefficientTable& table, uint64_t& nonzero,
                             JCOEF* block) {
    const int scale = 1 << scan.shift;
    int k = scan.first;
    for (;;) {
        bits.fill();
        for (int look = 0; look < kLooks; ++look) {
            const CoefficientPair pair = table.lookAtPair(bits);
            if (k + static_cast<int>(pair.second()) >= scan.last) {
                const Step step = readOne(scan, bits, table, k, nonzero, block);
                if (step != Step::on) return step == Step::end;
                if (k > scan.last) return true;
                break;
            }
            const int32_t second = pair.secondValue(bits.window);
            block[kNaturalOrder[k + pair.first()]] = static_cast<JCOEF>(pair.firstValue() * scale);
            block[kNaturalOrder[k + pair.second()]] = static_cast<JCOEF>(second * scale);
            nonzero |= uint64_t{pair.firstValue() != 0} << 63 >> (k + pair.first()) |
                       uint64_t{second != 0} << 63 >> (k + pair.second());
            bits.skip(pair.bits());
            k += static_cast<int>(pair.advance());
            if (k >= kBlockEnd) return true;
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

NORMLAB_BY_LEVEL(bool, decodeAcFirst, (EntropyScan & scan, JBLOCKROW* blocks), (scan, blocks), {
    if (scan.endRun > 0) {
        --scan.endRun;
        return true;
    }
    BitSource bits = scan.bits;
    uint64_t nonzero = scan.nonzero[scan.mcu];
    bool isSound = true;
    // The pair table writes zeros where there is no coefficient, and its values fit 16 bits only after small shifts.
    if (scan.shift <= kMostShift && (nonzero & coefficientBand(scan.first, scan.last)) == 0)
        isSound = readBand(scan, bits, *scan.components[0].ac, nonzero, *blocks[0]);
    else {
        Step step = Step::on;
        for (int k = scan.first; k <= scan.last && step == Step::on;)
            step = readOne(scan, bits, *scan.components[0].ac, k, nonzero, *blocks[0]);
        isSound = step != Step::unsound;
    }
    scan.nonzero[scan.mcu] = nonzero;
    scan.bits = bits;
    return isSound;
})

}  // namespace normlab::image
