#pragma once

#include <cstdint>
#include <vector>

#include "decode.h"
#include "read_file.h"

namespace normlab::image {

// The same values as in workers/data/decode/decodeJob.ts.
enum State : int32_t { kWaiting = 0, kStarted = 1, kDecoded = 2 };

// Files, and the lent memory for the decoded images.
struct Batch {
    std::vector<FileItem> files;
    Target target{};
    uint8_t* pixels = nullptr;       // [files, target.bytes()]
    int32_t* states = nullptr;       // one State for each file; a refused one stays kWaiting
    uint32_t* checksums = nullptr;   // CRC-32 of each decoded image
    double* histograms = nullptr;    // [channels, 256]: counts are added to these
    int32_t* control = nullptr;      // [0]: nonzero cancels; [1]: number of finished files, including refused ones
    int threads = 1;
};

// Decodes every file that the direct decoders accept. A bad file does not throw.
void decodeBatch(const Batch& batch);

}  // namespace normlab::image
