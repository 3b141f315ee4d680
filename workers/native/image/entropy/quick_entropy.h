// Our own Huffman decoding in the place of libjpeg-turbo's, which does all the rest; what it leans on: docs/adr/0014.
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

// Takes over the entropy decoding of one image. Whatever is not plainly sound (a marker or the end within a scan, a
// code that is none, a run beyond the block, bytes left over) makes the Reader give up, with `doubts` true: then the
// library's own decoder is to read the image, from its beginning.
class QuickEntropy {
   public:
    // To be called once the library has begun the first scan and before it decodes anything. `info` must be a Reader's.
    // Does nothing for arithmetic coding, and where the library's layout is not known.
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
    // The components a sequential image has had a scan of.
    std::array<bool, MAX_COMPONENTS> isSeen_{};
    // EntropyScan::nonzero by component.
    std::array<std::vector<uint64_t>, MAX_COMPONENTS> nonzero_;
    bool doubts_ = false;
};

}  // namespace normlab::image
