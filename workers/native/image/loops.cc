#include "loops.h"

#include <algorithm>
#include <cstring>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

#include "kernels/lanes/multiversion.h"

namespace normlab::image {
namespace {

inline uint8_t toByte(int32_t sum) {
    return static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}
constexpr int32_t kHalf = 1 << (kWeightBits - 1);

}  // namespace

#if defined(__SSE4_1__)

NORMLAB_BY_LEVEL(void, resampleRow3,
                 (const uint8_t* row, const int64_t* firsts, const int32_t* counts, const int32_t* weights,
                  int64_t width, int64_t pixels, uint8_t* out),
                 (row, firsts, counts, weights, width, pixels, out), {
                     for (int64_t pixel = 0; pixel < pixels; ++pixel) {
                         const uint8_t* from = row + firsts[pixel] * 3;
                         const int32_t* weight = weights + pixel * width;
                         __m128i sum = _mm_set1_epi32(kHalf);
                         for (int32_t tap = 0; tap < counts[pixel]; ++tap) {
                             int32_t packed;
                             std::memcpy(&packed, from + tap * 3, 4);
                             const __m128i colours = _mm_cvtepu8_epi32(_mm_cvtsi32_si128(packed));
                             sum = _mm_add_epi32(sum, _mm_mullo_epi32(colours, _mm_set1_epi32(weight[tap])));
                         }
                         sum = _mm_srai_epi32(sum, kWeightBits);
                         sum = _mm_packus_epi16(_mm_packs_epi32(sum, sum), sum);
                         const int32_t packed = _mm_cvtsi128_si32(sum);
                         std::memcpy(out + pixel * 3, &packed, 3);
                     }
                 })

#else

void resampleRow3(const uint8_t* row, const int64_t* firsts, const int32_t* counts, const int32_t* weights,
                  int64_t width, int64_t pixels, uint8_t* out) {
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        const uint8_t* from = row + firsts[pixel] * 3;
        const int32_t* weight = weights + pixel * width;
        int32_t sums[3] = {kHalf, kHalf, kHalf};
        for (int32_t tap = 0; tap < counts[pixel]; ++tap)
            for (int channel = 0; channel < 3; ++channel) sums[channel] += from[tap * 3 + channel] * weight[tap];
        for (int channel = 0; channel < 3; ++channel) out[pixel * 3 + channel] = toByte(sums[channel]);
    }
}

#endif

NORMLAB_BY_LEVEL(void, resampleRow1,
                 (const uint8_t* row, const int64_t* firsts, const int32_t* counts, const int32_t* weights,
                  int64_t width, int64_t pixels, uint8_t* out),
                 (row, firsts, counts, weights, width, pixels, out), {
                     for (int64_t pixel = 0; pixel < pixels; ++pixel) {
                         const uint8_t* from = row + firsts[pixel];
                         const int32_t* weight = weights + pixel * width;
                         int32_t sum = kHalf;
                         for (int32_t tap = 0; tap < counts[pixel]; ++tap) sum += from[tap] * weight[tap];
                         out[pixel] = toByte(sum);
                     }
                 })

NORMLAB_BY_LEVEL(void, addWeighted,
                 (const uint8_t* __restrict row, int32_t weight, int64_t length, int32_t* __restrict sums),
                 (row, weight, length, sums), {
                     for (int64_t at = 0; at < length; ++at) sums[at] += row[at] * weight;
                 })

NORMLAB_BY_LEVEL(void, roundSums, (const int32_t* __restrict sums, int64_t length, uint8_t* __restrict out),
                 (sums, length, out), {
                     for (int64_t at = 0; at < length; ++at) out[at] = toByte(sums[at]);
                 })

}  // namespace normlab::image
