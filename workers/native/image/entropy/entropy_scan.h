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
    // False where a picture decoded 8 times smaller uses the DC coefficient alone.
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
    // Of progressive scans: the band, the bit positions, blocks left without news, and for each block of the component which of its
    // coefficients, in zigzag order, are not 0 (AC scans only).
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

// A DC difference; kNoNumber when there is no such code.
constexpr int32_t kNoNumber = INT32_MIN;
NORMLAB_INLINE int32_t readDifference(BitSource& bits, const HuffmanTable& table) {
    bits.fill();
    const HuffmanStep step = table.look(bits);
    // Whether a difference is 0 nobody can predict; that it is not whole is rare.
    if ((step.bits != 0) & ((step.value != 0) | (step.symbol == 0))) {
        bits.skip(step.bits);
        return step.value;
    }
    const int symbol = table.readSymbol(step, bits);
    return symbol > 0 && symbol < 16 ? HuffmanTable::readNumber(bits, symbol) : kNoNumber;
}

// Adds the next difference to the component's DC value; false when there is none, or the sum is beyond 16 bits.
NORMLAB_INLINE bool readDc(BitSource& bits, ScanComponent& component) {
    const int32_t difference = readDifference(bits, *component.dc);
    if (difference == kNoNumber) return false;
    component.lastDc += difference;
    return component.lastDc == static_cast<int16_t>(component.lastDc);
}

}  // namespace normlab::image
