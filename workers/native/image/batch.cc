#include "batch.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <numeric>
#include <system_error>
#include <thread>
#include <utility>

#include <zlib.h>

namespace normlab::image {
namespace {

// A larger buffer is freed after its file.
constexpr size_t kKeptBytes = 16 << 20;
// Files larger than this are decoded first.
constexpr double kLongBytes = 128 << 10;

// Long files first, the largest first, so that no thread is left with one at the end; the others in the order of the
// folder.
std::vector<size_t> orderOf(const std::vector<FileItem>& files) {
    std::vector<size_t> order(files.size());
    std::iota(order.begin(), order.end(), size_t{0});
    const auto effort = [&](size_t file) { return std::max(files[file].sizeBytes, kLongBytes); };
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return effort(a) > effort(b); });
    return order;
}

class Crew {
   public:
    explicit Crew(const Batch& batch) : batch_(batch), order_(orderOf(batch.files)) {}

    void work() {
        std::vector<uint8_t> buffer;
        const auto bank = static_cast<size_t>(batch_.target.channels) * 256;
        std::vector<uint64_t> counts(2 * bank);
        for (size_t at = next_++; at < order_.size() && !isCancelled(); at = next_++) {
            decodeOne(order_[at], buffer, counts);
            __atomic_add_fetch(batch_.control + 1, 1, __ATOMIC_RELAXED);
            if (buffer.size() > kKeptBytes) std::vector<uint8_t>().swap(buffer);
        }
        const std::lock_guard<std::mutex> lock(adding_);
        for (size_t at = 0; at < bank; ++at)
            batch_.histograms[at] += static_cast<double>(counts[at] + counts[bank + at]);
    }

   private:
    bool isCancelled() const { return __atomic_load_n(batch_.control, __ATOMIC_RELAXED) != 0; }

    void decodeOne(size_t file, std::vector<uint8_t>& buffer, std::vector<uint64_t>& counts) {
        setState(file, kStarted);
        const size_t length = batch_.target.bytes();
        uint8_t* out = batch_.pixels + file * length;
        try {
            decodeImage(readFile(batch_.files[file], buffer), batch_.target, Limits{}, out);
        } catch (const std::exception&) {
            return setState(file, kWaiting);  // refused, or out of memory: the general decoder reports the error
        }
        batch_.checksums[file] = static_cast<uint32_t>(crc32(0, out, static_cast<uInt>(length)));
        if (batch_.target.channels == 1) count<1>(out, length, counts.data());
        else count<3>(out, length, counts.data());
        setState(file, kDecoded);
    }

    // Two histograms in turn: incrementing the same counter twice in a row would stall.
    template <size_t kChannels>
    static void count(const uint8_t* pixels, size_t length, uint64_t* counts) {
        uint64_t* other = counts + kChannels * 256;
        for (size_t at = 0; at < length; at += kChannels, std::swap(counts, other))
            for (size_t channel = 0; channel < kChannels; ++channel) ++counts[channel * 256 + pixels[at + channel]];
    }

    void setState(size_t file, State state) { __atomic_store_n(batch_.states + file, state, __ATOMIC_RELEASE); }

    const Batch& batch_;
    const std::vector<size_t> order_;
    std::atomic<size_t> next_{0};
    std::mutex adding_;
};

}  // namespace

void decodeBatch(const Batch& batch) {
    Crew crew(batch);
    std::vector<std::thread> others;
    const int wanted = std::min<int>(batch.threads, static_cast<int>(batch.files.size()));
    try {
        for (int thread = 1; thread < wanted; ++thread) others.emplace_back([&crew] { crew.work(); });
    } catch (const std::system_error&) {
        // Fewer threads than requested are acceptable.
    }
    crew.work();
    for (std::thread& other : others) other.join();
}

}  // namespace normlab::image
