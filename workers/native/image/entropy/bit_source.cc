#include "bit_source.h"

#include <algorithm>
#include <cstring>

namespace normlab::image {

void SegmentReader::begin(const uint8_t* place, const uint8_t* fileEnd) {
    at = place;
    end = fileEnd;
}

const uint8_t* SegmentReader::open() {
    isDry = false;
    read(0);
    return piece;
}

const uint8_t* SegmentReader::refill(const uint8_t* from) {
    if (isAtEnd()) {
        isDry = true;
        return dataEnd;
    }
    const auto kept = static_cast<size_t>(dataEnd - from);
    std::memmove(piece, from, kept);
    read(kept);
    return piece;
}

void SegmentReader::read(size_t kept) {
    size_t filled = kept;
    while (filled < kPiece && !isAtEnd()) {
        const size_t most = std::min(kPiece - filled, static_cast<size_t>(end - at));
        const void* found = *at == 0xff ? at : std::memchr(at, 0xff, most);
        const size_t plain = found == nullptr ? most : static_cast<size_t>(static_cast<const uint8_t*>(found) - at);
        std::memcpy(piece + filled, at, plain);
        filled += plain;
        at += plain;
        if (plain > 0 || isAtEnd()) continue;
        piece[filled++] = 0xff;
        at += 2;
    }
    std::memset(piece + filled, 0, kZeros);
    dataEnd = piece + filled;
    last = dataEnd + (isAtEnd() ? kZeros : 0) - 8;
}

bool BitSource::isAtMarker() const {
    return !isOverdrawn() && left() < 8 && segment->end - segment->at >= 2 && segment->isAtEnd() &&
           segment->at[1] != 0xff;
}

}  // namespace normlab::image
