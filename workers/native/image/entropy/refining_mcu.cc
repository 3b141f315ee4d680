// Later scans of a band: a correction bit for each nonzero coefficient, and new coefficients of 1 or -1 between them.
#include "entropy_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define NORMLAB_BMI2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#endif

namespace normlab::image {
namespace {

// Two operations that BMI2 has as instructions. `places` are sets of coefficients.
struct PlainSteps {
    static NORMLAB_INLINE int count(uint64_t places) { return __builtin_popcountll(places); }
    // The place after the first `run` ones; there must be more than `run` places.
    static NORMLAB_INLINE uint64_t placeBehind(int run, uint64_t places) {
        for (; run > 0; --run) places &= ~(kFirst >> __builtin_clzll(places));
        return kFirst >> __builtin_clzll(places);
    }
    // The subset of the places whose bit, in order, is set.
    static NORMLAB_INLINE uint64_t chosen(uint64_t bits, uint64_t places) {
        uint64_t result = 0;
        for (; places != 0; places &= places - 1, bits >>= 1)
            if ((bits & 1) != 0) result |= places & (~places + 1);
        return result;
    }
    static constexpr uint64_t kFirst = uint64_t{1} << 63;
};

// Takes one bit for each of `count` places; returns the places whose bit is set.
template <typename Steps>
NORMLAB_INLINE uint64_t takeChosen(BitSource& bits, int count, uint64_t places) {
    const uint64_t taken = bits.window >> 1 >> (63 - count);
    bits.skip(count);
    return Steps::chosen(taken, places);
}

// The same for any number of places. Between the previous fill and this call at most a code and its bit may be taken.
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

// Moves the coefficients at `places` away from zero by `one`. As in the library, a bit that is already set stays.
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
        // The new coefficient is at the zero coefficient after `run` other zero ones; nonzero ones in between are
        // corrected.
        const uint64_t zeros = ~known & ahead;
        if (size > 1 || Steps::count(zeros) <= run) return false;
        const uint64_t place = Steps::placeBehind(run, zeros);
        const int at = __builtin_clzll(place);
        growing |= readChosen<Steps>(bits, at - k - run, known & ahead & ~((place << 1) - 1));
        ahead &= place - 1;
        k = at + 1;
        // After a run of 16 zeros the coefficient stays zero.
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

// The first AMD processors with these instructions need hundreds of cycles for one.
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
