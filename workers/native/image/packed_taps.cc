#include "packed_taps.h"

#include <cstring>

#include "loops.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace normlab::image {

#if defined(__x86_64__)

namespace {

constexpr int32_t kTaps = 4;
constexpr int kLowBits = 11;

}  // namespace

PackedTaps packTaps(const Taps& taps) {
    PackedTaps packed;
    if (!__builtin_cpu_supports("avx2")) return packed;
    packed.groups = (taps.width + kTaps - 1) / kTaps;
    const auto pixels = static_cast<int64_t>(taps.count.size());
    packed.weights.resize(static_cast<size_t>(pixels * packed.groups * 32));
    for (int64_t pixel = 0; pixel < pixels; ++pixel)
        for (int32_t tap = 0; tap < taps.count[pixel]; ++tap) {
            const int32_t weight = taps.of(pixel)[tap];
            // Taps 0 and 1 in the lower eight numbers, taps 2 and 3 in the upper ones.
            int16_t* group = packed.weights.data() + (pixel * packed.groups + tap / kTaps) * 32 + tap % kTaps / 2 * 8;
            for (int64_t copy = 0; copy < 4; ++copy) {
                group[copy * 2 + tap % 2] = static_cast<int16_t>(weight >> kLowBits);
                group[copy * 2 + tap % 2 + 16] = static_cast<int16_t>(weight & ((1 << kLowBits) - 1));
            }
        }
    return packed;
}

__attribute__((target("avx2"))) void resampleRow3(const uint8_t* row, const Taps& taps, const PackedTaps& packed,
                                                  uint8_t* out) {
    // Two pixels: both reds, both greens, both blues, as 16-bit numbers.
    const __m256i order = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                           6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
    const __m128i half = _mm_set1_epi32(1 << (kWeightBits - 1));
    const auto pixels = static_cast<int64_t>(taps.count.size());
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        const uint8_t* from = row + taps.first[pixel] * 3;
        const auto* weights = reinterpret_cast<const __m256i*>(packed.weights.data() + pixel * packed.groups * 32);
        __m256i high = _mm256_setzero_si256();
        __m256i low = _mm256_setzero_si256();
        for (int32_t tap = 0; tap < taps.count[pixel]; tap += kTaps, weights += 2, from += kTaps * 3) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
            const __m256i colours = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), order);
            high = _mm256_add_epi32(high, _mm256_madd_epi16(colours, _mm256_loadu_si256(weights)));
            low = _mm256_add_epi32(low, _mm256_madd_epi16(colours, _mm256_loadu_si256(weights + 1)));
        }
        const __m256i both = _mm256_add_epi32(_mm256_slli_epi32(high, kLowBits), low);
        const __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        const __m128i whole = _mm_srai_epi32(_mm_add_epi32(sum, half), kWeightBits);
        const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(_mm_packs_epi32(whole, whole), whole));
        std::memcpy(out + pixel * 3, &bytes, 4);
    }
}

#else

PackedTaps packTaps(const Taps&) {
    return {};
}
void resampleRow3(const uint8_t*, const Taps&, const PackedTaps&, uint8_t*) {}

#endif

}  // namespace normlab::image
