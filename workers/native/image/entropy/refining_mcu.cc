// Later scans of a band: a bit for each coefficient that is not 0, and new ones of 1 or -1 between them.
#include "entropy_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define NORMLAB_BMI2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#endif

namespace normlab::image {
namespace {

// The two steps that processors with BMI2 take at once. `places` are sets of coefficients.
struct PlainSteps {
    static NORMLAB_INLINE int count(uint64_t places) { return __builtin_popcountll(places); }
    // The place behind `run` others; there must be as many.
    static NORMLAB_INLINE uint64_t placeBehind(int run, uint64_t places) {
        for (; run > 0; --run) places &= ~(kFirst >> __builtin_clzll(places));
        return kFirst >> __builtin_clzll(places);
    }
    // Those of the places whose bit, in order, is set.
    static NORMLAB_INLINE uint64_t chosen(uint64_t bits, uint64_t places) {
        uint64_t result = 0;
        for (; places != 0; places &= places - 1, bits >>= 1)
            if ((bits & 1) != 0) result |= places & (~places + 1);
        return result;
    }
    static constexpr uint64_t kFirst = uint64_t{1} << 63;
};

// Takes a bit for each of `count` places; gives those whose bit is set.
template <typename Steps>
NORMLAB_INLINE uint64_t takeChosen(BitSource& bits, int count, uint64_t places) {
    const uint64_t taken = bits.window >> 1 >> (63 - count);
    bits.skip(count);
    return Steps::chosen(taken, places);
}

// The same for any number of places; a fill must stand before it, with a code and its bit at most in between.
template <typename Steps>
NORMLAB_INLINE uint64_t readChosen(BitSource& bits, int count, uint64_t places) {
    if (__builtin_expect(count <= 56 - 17, 1)) return takeChosen<Steps>(bits, count, places);
    const uint64_t upper = places >> 32 << 32;
    const int before = Steps::count(upper);
    bits.fill();
    const uint64_t first = takeChosen<Steps>(bits, before, upper);
    bits.fill();
    return first | takeChosen<Steps>(bits, count - before, places ^ upper);
}

// Lets the coefficients at `places` grow by `one`; as in the library, a bit that is set already stays.
NORMLAB_INLINE void grow(JCOEF* block, uint64_t places, int32_t one) {
    for (; places != 0; places &= places - 1) {
        JCOEF& coefficient = block[kNaturalOrder[63 - __builtin_ctzll(places)]];
        const int32_t sign = coefficient >> 15;
        const int32_t step = (coefficient & one) == 0 ? (one ^ sign) - sign : 0;
        coefficient = static_cast<JCOEF>(coefficient + step);
    }
}

template <typename Steps>
NORMLAB_INLINE bool refine(EntropyScan& scan, JCOEF* block) {
    BitSource bits = scan.bits;
    const HuffmanTable& table = *scan.components[0].ac;
    const int32_t one = 1 << scan.shift;
    const uint64_t known = scan.nonzero[scan.mcu];
    int k = scan.first;
    uint64_t ahead = coefficientBand(k, scan.last);
    uint64_t growing = 0;
    uint64_t added = 0;
    while (scan.endRun == 0 && ahead != 0) {
        bits.fill();
        int32_t value = 0;
        const int symbol = table.read(bits, value);
        if (symbol < 0) return false;
        const int size = symbol & 15;
        const int run = symbol >> 4;
        if (size == 0 && run < 15) {
            scan.endRun = readEndRun(bits, run);
            break;
        }
        // The coefficient meant is the next zero one behind `run` zero ones; those between that are not 0 are
        // corrected.
        const uint64_t zeros = ~known & ahead;
        if (size > 1 || Steps::count(zeros) <= run) return false;
        const uint64_t place = Steps::placeBehind(run, zeros);
        const int at = __builtin_clzll(place);
        growing |= readChosen<Steps>(bits, at - k - run, known & ahead & ~((place << 1) - 1));
        ahead &= place - 1;
        k = at + 1;
        // With 16 zeros the place stays one of them.
        block[kNaturalOrder[at]] = static_cast<JCOEF>(value * one);
        added |= place & (0 - static_cast<uint64_t>(size));
    }
    if (scan.endRun > 0) {
        bits.fill();
        growing |= readChosen<Steps>(bits, Steps::count(known & ahead), known & ahead);
        --scan.endRun;
    }
    grow(block, growing, one);
    scan.nonzero[scan.mcu] = known | added;
    scan.bits = bits;
    return true;
}

#if defined(__x86_64__)

struct Bmi2Steps {
    static NORMLAB_BMI2 inline int count(uint64_t places) { return static_cast<int>(_mm_popcnt_u64(places)); }
    static NORMLAB_BMI2 inline uint64_t placeBehind(int run, uint64_t places) {
        return _pdep_u64(uint64_t{1} << (count(places) - 1 - run), places);
    }
    static NORMLAB_BMI2 inline uint64_t chosen(uint64_t bits, uint64_t places) { return _pdep_u64(bits, places); }
};

NORMLAB_BMI2 bool refineFast(EntropyScan& scan, JCOEF* block) {
    return refine<Bmi2Steps>(scan, block);
}

// The first processors of AMD that have these instructions take hundreds of cycles for one of them.
bool isBmi2Fast() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && !__builtin_cpu_is("znver1") &&
           !__builtin_cpu_is("znver2");
}

#endif

}  // namespace

bool decodeAcRefine(EntropyScan& scan, JBLOCKROW* blocks) {
#if defined(__x86_64__)
    static const bool isFast = isBmi2Fast();
    if (isFast) return refineFast(scan, *blocks[0]);
#endif
    return refine<PlainSteps>(scan, *blocks[0]);
}

}  // namespace normlab::image
