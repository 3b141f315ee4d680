// bfloat16 as oneDNN stores it: the upper half of a float.
#pragma once

#include <cstdint>
#include <cstring>

namespace normlab {

struct Bf16 {
    uint16_t bits;
};

inline float toFloat(float value) {
    return value;
}

inline float toFloat(Bf16 value) {
    const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
    float out;
    std::memcpy(&out, &bits, sizeof out);
    return out;
}

template <typename T>
T fromFloat(float value);

template <>
inline float fromFloat<float>(float value) {
    return value;
}

// Rounds to nearest, ties to even; NaN stays NaN.
template <>
inline Bf16 fromFloat<Bf16>(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return {static_cast<uint16_t>((bits >> 16) | 0x40U)};
    return {static_cast<uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16)};
}

}  // namespace normlab
