#pragma once

#include <string>
#include <vector>

#include "image.h"

namespace normlab::image {

// A file as found by the scan; if it has changed since, it is not decoded.
struct FileItem {
    std::string path;  // UTF-8
    double sizeBytes;
    double modifiedMs;
};

// Reads a whole file in four system calls into `buffer`, which is reused between calls. Throws Refused when it is not a
// regular file, has changed, or cannot be read.
Bytes readFile(const FileItem& item, std::vector<uint8_t>& buffer);

}  // namespace normlab::image
