#include "huffman_table.h"

#include <algorithm>
#include <cstring>

namespace normlab::image {
namespace {

HuffmanStep stepOf(int length, uint8_t symbol) {
    return {static_cast<uint8_t>(length), static_cast<uint8_t>(length + (symbol & 15)), symbol};
}

}  // namespace

bool HuffmanTable::assign(const JHUFF_TBL& source) {
    const bool isSame = std::memcmp(source.bits, source_.bits, sizeof source.bits) == 0 &&
                        std::memcmp(source.huffval, source_.huffval, sizeof source.huffval) == 0;
    if (isMade_ && isSame) return false;
    source_ = source;
    isMade_ = true;
    steps_.fill({0, 0, 0});
    uint32_t code = 0;
    int32_t at = 0;
    for (int length = 1; length <= 16; ++length, code <<= 1) {
        offsets_[length] = at - static_cast<int32_t>(code);
        for (int left = source.bits[length]; left > 0 && at < 256; --left, ++code, ++at)
            addCode(code, length, source.huffval[at]);
        limits_[length] = code << (16 - length);
    }
    return true;
}

void HuffmanTable::addCode(uint32_t code, int length, uint8_t symbol) {
    if (length > kLookBits || code >> length != 0) return;
    const int spare = kLookBits - length;
    std::fill_n(steps_.data() + (code << spare), 1 << spare, stepOf(length, symbol));
}

HuffmanStep HuffmanTable::stepBehind(uint32_t next, int known, int used) const {
    if (used >= known) return {0, 0, 0};
    const HuffmanStep& step = steps_[next << used >> (known - kLookBits) & ((1 << kLookBits) - 1)];
    return used + step.code <= known ? step : HuffmanStep{0, 0, 0};
}

HuffmanStep HuffmanTable::findLongCode(uint32_t next) const {
    for (int length = kLookBits + 1; length <= 16; ++length)
        if (next < limits_[length])
            return stepOf(length,
                          source_.huffval[(static_cast<int32_t>(next >> (16 - length)) + offsets_[length]) & 255]);
    return {0, 0, 0};
}

}  // namespace normlab::image
