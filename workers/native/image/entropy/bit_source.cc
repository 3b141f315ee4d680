#include "bit_source.h"

#include <algorithm>
#include <cstring>

namespace normlab::image {

void SegmentReader::begin(const uint8_t* place, const uint8_t* fileEnd) {
    at = place;
    end = fileEnd;
}

size_t SegmentReader::read(size_t kept) {
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
    return filled;
}

void BitSource::begin(SegmentReader& from) {
    segment = &from;
    window = 0;
    count = 0;
    isDry = false;
    at = from.piece;
    dataEnd = at + from.read(0);
    last = dataEnd + (from.isAtEnd() ? SegmentReader::kZeros : 0) - 8;
}

BitSource BitSource::refilled(BitSource bits) {
    SegmentReader& from = *bits.segment;
    if (from.isAtEnd()) {
        bits.isDry = true;
        bits.at = bits.dataEnd;
        return bits;
    }
    const auto kept = static_cast<size_t>(bits.dataEnd - bits.at);
    std::memmove(from.piece, bits.at, kept);
    bits.at = from.piece;
    bits.dataEnd = bits.at + from.read(kept);
    bits.last = bits.dataEnd + (from.isAtEnd() ? SegmentReader::kZeros : 0) - 8;
    return bits;
}

bool BitSource::isAtMarker() const {
    return !isOverdrawn() && left() < 8 && segment->end - segment->at >= 2 && segment->isAtEnd() && segment->at[1] != 0xff;
}

}  // namespace normlab::image
