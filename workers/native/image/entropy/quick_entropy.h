// Our own Huffman decoding in place of libjpeg-turbo's, which does everything else. Assumptions: docs/adr/0014.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "entropy_scan.h"

namespace normlab::image {

struct HuffmanTables {
    std::array<HuffmanTable, NUM_HUFF_TBLS> dc;
    std::array<CoefficientTable, NUM_HUFF_TBLS> ac;
};

// Replaces the entropy decoding of one image. On anything not clearly valid (a marker or the end of the file within a
// scan, an invalid code, a run past the block, bytes left over) the Reader gives up with `doubts` true. The library's
// own decoder must then read the image from the beginning.
class QuickEntropy {
   public:
    // To be called after the library has started the first scan and before it decodes anything. `info` must belong to a
    // Reader. Does nothing for arithmetic coding, or where the library's struct layout is unknown.
    void install(j_decompress_ptr info);
    bool doubts() const { return doubts_; }

   private:
    static void onStart(j_decompress_ptr info);
    static boolean onMcu(j_decompress_ptr info, JBLOCKROW* blocks);

    void beginScan(j_decompress_ptr info);
    void beginSequential(j_decompress_ptr info);
    void beginProgressive(j_decompress_ptr info);
    bool makeRoom(int component);
    void restart(j_decompress_ptr info);
    void endScan(j_decompress_ptr info);
    [[noreturn]] void doubt(j_decompress_ptr info);

    SegmentReader segment_;
    EntropyScan scan_{};
    void (*libraryStart_)(j_decompress_ptr info) = nullptr;
    HuffmanTables* tables_ = nullptr;
    // Components of a sequential image that already had a scan.
    std::array<bool, MAX_COMPONENTS> isSeen_{};
    // EntropyScan::nonzero by component.
    std::array<std::vector<uint64_t>, MAX_COMPONENTS> nonzero_;
    bool doubts_ = false;
};

}  // namespace normlab::image
