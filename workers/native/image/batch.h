#pragma once

#include <cstdint>
#include <vector>

#include "decode.h"
#include "read_file.h"

namespace normlab::image {

// As in workers/data/decode/decodeJob.ts.
enum State : int32_t { kWaiting = 0, kStarted = 1, kDecoded = 2 };

// Files and the lent memory they are decoded into.
struct Batch {
    std::vector<FileItem> files;
    Target target{};
    uint8_t* pixels = nullptr;       // [files, target.bytes()]
    int32_t* states = nullptr;       // one State for each file; what is refused stays kWaiting
    uint32_t* checksums = nullptr;   // CRC-32 of each decoded image
    double* histograms = nullptr;    // [channels, 256]: counts are added
    int32_t* control = nullptr;      // [0]: not 0 ends the work early; [1]: files finished, refused ones included
    int threads = 1;
};

// Decodes every file that needs no second look; never throws for the sake of a file.
void decodeBatch(const Batch& batch);

}  // namespace normlab::image
