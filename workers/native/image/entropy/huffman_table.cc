#include "huffman_table.h"

#include <algorithm>
#include <cstring>

namespace normlab::image {

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
        for (int left = source.bits[length]; left > 0 && at < 256; --left, ++code, ++at) addCode(code, length, source.huffval[at]);
        limits_[length] = code << (16 - length);
    }
    return true;
}

void HuffmanTable::addCode(uint32_t code, int length, uint8_t symbol) {
    if (length > kLookBits || code >> length != 0) return;
    const int spare = kLookBits - length;
    const int size = symbol & 15;
    HuffmanStep* first = steps_.data() + (code << spare);
    if (size == 0 || size > spare) {
        std::fill_n(first, 1 << spare, HuffmanStep{static_cast<uint8_t>(length), symbol, 0});
        return;
    }
    const int unused = spare - size;
    for (int32_t raw = 0; raw < 1 << size; ++raw) {
        const int32_t value = raw >= 1 << (size - 1) ? raw : raw - (1 << size) + 1;
        std::fill_n(first + (raw << unused), 1 << unused,
                    HuffmanStep{static_cast<uint8_t>(length + size), symbol, static_cast<int16_t>(value)});
    }
}

const HuffmanStep* HuffmanTable::stepWithin(uint32_t next, int used) const {
    const HuffmanStep& step = steps_[(next << used) & ((1 << kLookBits) - 1)];
    const bool isWhole = step.value != 0 || (step.bits != 0 && step.symbol == 0);
    return isWhole && used + step.bits <= kLookBits ? &step : nullptr;
}

HuffmanTable::Code HuffmanTable::findLongCode(uint32_t next) const {
    for (int length = kLookBits + 1; length <= 16; ++length)
        if (next < limits_[length])
            return {length, source_.huffval[(static_cast<int32_t>(next >> (16 - length)) + offsets_[length]) & 255]};
    return {0, kNoSymbol};
}

}  // namespace normlab::image
