// Identical bit for bit to core/program/dropoutHash.ts: lowbias32 of Chris Wellons, "Prospecting for hash functions",
// 2018.
#pragma once

#include <cstdint>

namespace normlab {

inline uint32_t mix32(uint32_t x) {
    x = (x ^ (x >> 16)) * 0x7feb352dU;
    x = (x ^ (x >> 15)) * 0x846ca68bU;
    return x ^ (x >> 16);
}

inline uint32_t dropoutKey(uint32_t stepKey, uint32_t salt) {
    return mix32(mix32(stepKey) ^ mix32(salt ^ 0x9e3779b9U));
}

inline uint32_t dropoutHash(uint32_t key, uint32_t index) {
    return mix32(key ^ mix32(index + 0x85ebca6bU));
}

}  // namespace normlab
