#pragma once

#include <string>
#include <vector>

#include "image.h"

namespace normlab::image {

// A file as the scan saw it; one that changed since is not decoded.
struct FileItem {
    std::string path;  // UTF-8
    double sizeBytes;
    double modifiedMs;
};

// Reads a whole file in four system calls into `buffer`, which is kept between calls. Throws Refused when it is no
// plain file, has changed, or cannot be read.
Bytes readFile(const FileItem& item, std::vector<uint8_t>& buffer);

}  // namespace normlab::image
