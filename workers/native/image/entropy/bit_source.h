// The bits of a JPEG scan, most significant bit first.
#pragma once

#include <cstddef>
#include <cstdint>

#define NORMLAB_INLINE inline __attribute__((always_inline))

namespace normlab::image {

// Reads the data between two markers in pieces, without stuffed bytes.
struct SegmentReader {
    static constexpr size_t kPiece = 8 << 10;
    // Zeros after the end of the data, for reads past it.
    static constexpr size_t kZeros = 64;

    // The remaining data; at the end of a segment `at` is at a marker or at the end of the file.
    const uint8_t* at;
    const uint8_t* end;
    // In the piece: the last position with eight bytes after it, and the end of the data.
    const uint8_t* last = nullptr;
    const uint8_t* dataEnd = nullptr;
    bool isDry = false;
    uint8_t piece[kPiece + kZeros];

    // Starts at `place` in a file.
    void begin(const uint8_t* place, const uint8_t* fileEnd);
    // Starts the segment there; returns the position of its first byte in the piece.
    const uint8_t* open();
    // Keeps the bytes from `from` on and appends more; returns their new position.
    __attribute__((noinline)) const uint8_t* refill(const uint8_t* from);
    bool isAtEnd() const { return at == end || (*at == 0xff && (end - at < 2 || at[1] != 0)); }

   private:
    // Appends the next bytes to the first `kept` ones of the piece.
    void read(size_t kept);
};

// Reads bits. After the end of a segment it returns zero bits and is overdrawn. The struct is small, so that loops can
// keep a copy in registers.
struct BitSource {
    SegmentReader* segment = nullptr;
    // The next byte in the piece.
    const uint8_t* at = nullptr;
    uint64_t window = 0;
    // Number of bits in the window.
    int32_t count = 0;

    void begin(SegmentReader& from) { *this = {&from, from.open(), 0, 0}; }

    // Fills the window to at least 56 bits.
    NORMLAB_INLINE void fill() {
        if (__builtin_expect(at > segment->last, 0)) at = segment->refill(at);
        uint64_t next;
        __builtin_memcpy(&next, at, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        next = __builtin_bswap64(next);
#endif
        // The bits after the last whole byte are the correct next bits, so they need no mask.
        window |= next >> count;
        at += (63 - count) >> 3;
        count |= 56;
    }
    NORMLAB_INLINE uint32_t peek(int bits) const { return static_cast<uint32_t>(window >> (64 - bits)); }
    NORMLAB_INLINE void skip(int bits) {
        window <<= bits;
        count -= bits;
    }
    // `bits` from 1 to 32.
    NORMLAB_INLINE uint32_t take(int bits) {
        const uint32_t taken = peek(bits);
        skip(bits);
        return taken;
    }
    NORMLAB_INLINE int64_t left() const { return (segment->dataEnd - at) * 8 + count; }
    // True when more bits were taken than the segment has.
    NORMLAB_INLINE bool isOverdrawn() const { return segment->isDry || left() < 0; }
    // True when no whole byte is left in the segment and a marker follows.
    bool isAtMarker() const;
};

}  // namespace normlab::image
