#include "read_file.h"

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace normlab::image {

#if defined(_WIN32)

// On Windows, Node reads the files: it handles special and long paths.
Bytes readFile(const FileItem&, std::vector<uint8_t>&) {
    throw Refused("not read here");
}

#else

namespace {

constexpr double kMaxFileBytes = 512.0 * 1024 * 1024;

struct Handle {
    int number;
    ~Handle() {
        if (number >= 0) close(number);
    }
};

// Milliseconds as computed by Node, so that equal times compare equal.
double modifiedMsOf(const struct stat& stats) {
#if defined(__APPLE__)
    const timespec& time = stats.st_mtimespec;
#else
    const timespec& time = stats.st_mtim;
#endif
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

}  // namespace

Bytes readFile(const FileItem& item, std::vector<uint8_t>& buffer) {
    // Non-blocking, so that a named pipe in place of an image cannot block.
    const Handle handle{open(item.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    struct stat stats;
    if (handle.number < 0 || fstat(handle.number, &stats) != 0 || !S_ISREG(stats.st_mode))
        throw Refused("not readable");
    const auto size = static_cast<size_t>(stats.st_size);
    if (static_cast<double>(size) != item.sizeBytes || modifiedMsOf(stats) != item.modifiedMs) throw Refused("changed");
    if (size == 0 || item.sizeBytes > kMaxFileBytes) throw Refused("an odd size");
    if (buffer.size() < size) buffer.resize(size);
    for (size_t done = 0; done < size;) {
        const ssize_t got = read(handle.number, buffer.data() + done, size - done);
        if (got <= 0) throw Refused("not readable");
        done += static_cast<size_t>(got);
    }
    return {buffer.data(), size};
}

#endif

}  // namespace normlab::image
