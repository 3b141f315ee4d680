// The state of our Huffman decoder for one scan of a JPEG, and the functions that decode its MCUs.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>

#include <jpeglib.h>

#include "bit_source.h"
#include "coefficient_table.h"

namespace normlab::image {

// Zigzag index to row-major index. The extra entries, which a damaged run may reach briefly, are 63.
extern const uint8_t kNaturalOrder[DCTSIZE2 + 16];

struct ScanComponent {
    const HuffmanTable* dc;
    const CoefficientTable* ac;
    // False where an image decoded at 1/8 needs only the DC coefficient.
    bool needsAc;
    int32_t lastDc;
};

struct EntropyScan {
    // Decodes one MCU into its blocks, which are zeroed or, in later scans, partly decoded. Returns false for invalid
    // data.
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
    // Progressive scans only: first and last coefficient of the band, bit position, remaining blocks of an end-of-band
    // run, and for each block of the component the coefficientBit of its nonzero coefficients (AC scans only).
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

// Coefficients of a block as bits, in zigzag order, the most significant bit first, as in the data.
NORMLAB_INLINE uint64_t coefficientBit(int k) {
    return uint64_t{1} << (63 - k);
}
// The coefficients from first to last, 0 <= first <= last <= 63.
NORMLAB_INLINE uint64_t coefficientBand(int first, int last) {
    return ~uint64_t{0} >> first & ~uint64_t{0} << (63 - last);
}

// Length of an end-of-band run, the current block included; `size` below 15.
NORMLAB_INLINE uint32_t readEndRun(BitSource& bits, int size) {
    return (1u << size) + (size == 0 ? 0 : bits.take(size));
}

// Adds the next difference to the component's DC value. Returns false for an invalid code or a sum beyond 16 bits.
NORMLAB_INLINE bool readDc(BitSource& bits, ScanComponent& component) {
    bits.fill();
    int32_t difference = 0;
    const int size = component.dc->read(bits, difference);
    component.lastDc += difference;
    return size >= 0 && size < 16 && component.lastDc == static_cast<int16_t>(component.lastDc);
}

}  // namespace normlab::image
