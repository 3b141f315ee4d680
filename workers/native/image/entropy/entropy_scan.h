// One scan of a JPEG as our own Huffman decoder sees it, and the ways to decode its MCUs.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>

#include <jpeglib.h>

#include "bit_source.h"
#include "coefficient_table.h"

namespace normlab::image {

// From the zigzag to the row-major order; beyond the 64th, where a damaged run may point for a moment, the last one.
extern const uint8_t kNaturalOrder[DCTSIZE2 + 16];

struct ScanComponent {
    const HuffmanTable* dc;
    const CoefficientTable* ac;
    // False where an image decoded 8 times smaller uses the DC coefficient alone.
    bool needsAc;
    int32_t lastDc;
};

struct EntropyScan {
    // Decodes one MCU into its zeroed (or, in later scans, half-known) blocks. False: the data is not sound.
    using DecodeMcu = bool (*)(EntropyScan& scan, JBLOCKROW* blocks);

    BitSource bits;
    DecodeMcu decode;
    int32_t blocks;                                   // in an MCU
    std::array<uint8_t, D_MAX_BLOCKS_IN_MCU> owners;  // the component of each
    std::array<ScanComponent, MAX_COMPS_IN_SCAN> components;
    uint32_t mcu;
    uint32_t mcus;
    uint32_t restartInterval;
    uint32_t mcusToRestart;
    int32_t nextRestart;
    // Of progressive scans: the band, the bit positions, blocks left without news, and for each block of the component
    // the coefficientBit of those that are not 0 (AC scans only).
    int32_t first;
    int32_t last;
    int32_t shift;
    uint32_t endRun;
    uint64_t* nonzero;
};

bool decodeSequential(EntropyScan& scan, JBLOCKROW* blocks);
bool decodeDcFirst(EntropyScan& scan, JBLOCKROW* blocks);
bool decodeDcRefine(EntropyScan& scan, JBLOCKROW* blocks);
bool decodeAcFirst(EntropyScan& scan, JBLOCKROW* blocks);
bool decodeAcRefine(EntropyScan& scan, JBLOCKROW* blocks);

// Coefficients of a block as bits, in zigzag order, the first one highest: as their bits come.
NORMLAB_INLINE uint64_t coefficientBit(int k) {
    return uint64_t{1} << (63 - k);
}
// Those from first to last, 0 <= first <= last <= 63.
NORMLAB_INLINE uint64_t coefficientBand(int first, int last) {
    return ~uint64_t{0} >> first & ~uint64_t{0} << (63 - last);
}

// Blocks without news from here on, this one included; `size` below 15.
NORMLAB_INLINE uint32_t readEndRun(BitSource& bits, int size) {
    return (1u << size) + (size == 0 ? 0 : bits.take(size));
}

// Adds the next difference to the component's DC value; false when there is none, or the sum is beyond 16 bits.
NORMLAB_INLINE bool readDc(BitSource& bits, ScanComponent& component) {
    bits.fill();
    int32_t difference = 0;
    const int size = component.dc->read(bits, difference);
    component.lastDc += difference;
    return size >= 0 && size < 16 && component.lastDc == static_cast<int16_t>(component.lastDc);
}

}  // namespace normlab::image
