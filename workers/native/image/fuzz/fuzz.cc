// Feeds mutated image files to the direct decoder; to be built with AddressSanitizer and UndefinedBehaviorSanitizer.
// Usage: fuzz CASES SEED FILE...
// Exits with 0 when every case was decoded or refused, and both Huffman decoders agreed on all JPEGs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <zlib.h>

#include "../decode.h"

namespace {

using namespace normlab::image;
using File = std::vector<uint8_t>;

std::mt19937_64 random64;

size_t below(size_t limit) {
    return limit == 0 ? 0 : random64() % limit;
}

File load(const char* path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void mutateOnce(File& file, const std::vector<File>& files) {
    if (file.empty()) return;
    const size_t at = below(2) ? below(file.size()) : below(std::min<size_t>(file.size(), 400));
    const size_t length = std::min(below(64) + 1, file.size() - at);
    switch (below(7)) {
        case 0: file[at] ^= static_cast<uint8_t>(1u << below(8)); break;
        case 1: file[at] = static_cast<uint8_t>(random64()); break;
        case 2: file[at] = below(2) ? 0xff : 0; break;
        case 3: file.resize(at); break;
        case 4: file.erase(file.begin() + static_cast<long>(at), file.begin() + static_cast<long>(at + length)); break;
        case 5: {
            const File piece(file.begin() + static_cast<long>(at), file.begin() + static_cast<long>(at + length));
            file.insert(file.begin() + static_cast<long>(below(file.size())), piece.begin(), piece.end());
            break;
        }
        default: {
            const File& other = files[below(files.size())];
            for (size_t i = 0; i < length && at + i < other.size(); ++i) file[at + i] = other[at + i];
        }
    }
}

// Corrects the checksums, so that a damaged PNG reaches the code after them.
void mendPng(File& file) {
    for (size_t at = 8; at + 12 <= file.size();) {
        const size_t length = static_cast<size_t>(file[at]) << 24 | static_cast<size_t>(file[at + 1]) << 16 |
                              static_cast<size_t>(file[at + 2]) << 8 | file[at + 3];
        if (length > file.size() - at - 12) return;
        const uLong sum = crc32(0, file.data() + at + 4, static_cast<uInt>(length + 4));
        for (int i = 0; i < 4; ++i)
            file[at + 8 + length + static_cast<size_t>(i)] = static_cast<uint8_t>(sum >> (24 - 8 * i));
        at += 12 + length;
    }
}

Target anyTarget() {
    const Policy policies[] = {Policy::stretch, Policy::fit, Policy::cover, Policy::crop};
    return {static_cast<int64_t>(1 + below(300)), static_cast<int64_t>(1 + below(300)), below(2) ? 3 : 1,
            policies[below(4)], 0.1 * static_cast<double>(1 + below(10))};
}

struct Result {
    bool isDecoded;
    std::vector<uint8_t> pixels;
};

Result decode(const File& file, const Target& target, bool quickEntropy) {
    Limits limits;
    limits.maxPixels = 4'000'000;
    limits.maxSeconds = 5;
    limits.leastQuickBytes = quickEntropy ? 0 : SIZE_MAX;
    // A copy of exactly this size, so that reading one byte more is detected.
    const std::unique_ptr<uint8_t[]> in(new uint8_t[file.size()]);
    const std::unique_ptr<uint8_t[]> out(new uint8_t[target.bytes()]);
    std::copy(file.begin(), file.end(), in.get());
    try {
        decodeImage({in.get(), file.size()}, target, limits, out.get());
        return {true, {out.get(), out.get() + target.bytes()}};
    } catch (const Refused&) {
        return {false, {}};
    }
}

bool decodes(const File& file) {
    const Target target = anyTarget();
    const Result quick = decode(file, target, true);
    const Result plain = decode(file, target, false);
    if (quick.isDecoded != plain.isDecoded || quick.pixels != plain.pixels) {
        std::printf("the quick Huffman decoder differs: %s\n",
                    quick.isDecoded == plain.isDecoded ? "pixels" : "refused by one alone");
        std::exit(1);
    }
    return quick.isDecoded;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 4) return 2;
    const long cases = std::atol(arguments[1]);
    random64.seed(std::strtoull(arguments[2], nullptr, 10));
    std::vector<File> files;
    for (int i = 3; i < count; ++i) files.push_back(load(arguments[i]));
    long decoded = 0;
    double slowest = 0;
    for (long number = 0; number < cases; ++number) {
        File file = files[below(files.size())];
        for (size_t i = below(6); i > 0; --i) mutateOnce(file, files);
        if (below(2)) mendPng(file);
        const auto began = std::chrono::steady_clock::now();
        if (decodes(file)) ++decoded;
        slowest = std::max(slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    std::printf("%ld cases from %zu files: %ld decoded, %ld refused, slowest %.2f s\n", cases, files.size(), decoded,
                cases - decoded, slowest);
    return 0;
}
