// libjpeg-turbo's decompression of one file, with its error handling.
#pragma once

#include <chrono>
#include <csetjmp>
#include <cstdint>
#include <cstdio>

#include <jpeglib.h>

#include "entropy/quick_entropy.h"
#include "image.h"

namespace normlab::image {

// Errors jump back, and the library's warnings are checked here. Each step returns false when it gave up, with `reason`
// set.
struct Reader {
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf escape;
    std::chrono::steady_clock::time_point deadline;
    int maxScans;
    const char* reason = "libjpeg gave up";
    QuickEntropy entropy;
    bool isEntropyOurs;
    bool isInstalled = false;

    // `isEntropyOurs`: decode with QuickEntropy where possible.
    Reader(const Limits& limits, bool isEntropyOurs);
    ~Reader() { jpeg_destroy_decompress(&info); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    bool readHeader(Bytes file);
    bool start();
    bool readRow(uint8_t* row);
    bool finish();
};

template <typename Info>
Reader& readerOf(Info* info) {
    return *static_cast<Reader*>(info->client_data);
}

// Jumps back to the current step, which then fails. Only trivially destructible values may be alive in between: a jump
// runs no destructors.
[[noreturn]] void giveUp(j_common_ptr info, const char* reason);

}  // namespace normlab::image
