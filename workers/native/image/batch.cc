#include "batch.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <numeric>
#include <thread>

#include <zlib.h>

namespace normlab::image {
namespace {

// A buffer larger than this is given back after its file.
constexpr size_t kKeptBytes = 16 << 20;
// Files larger than this take long.
constexpr double kLongBytes = 128 << 10;

// The long ones first, so that no thread is left alone with one at the end; the others in the order of the folder.
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
        std::vector<uint64_t> counts(static_cast<size_t>(batch_.target.channels) * 256);
        for (size_t at = next_++; at < order_.size() && !isCancelled(); at = next_++) {
            decodeOne(order_[at], buffer, counts);
            __atomic_add_fetch(batch_.control + 1, 1, __ATOMIC_RELAXED);
            if (buffer.size() > kKeptBytes) std::vector<uint8_t>().swap(buffer);
        }
        const std::lock_guard<std::mutex> lock(adding_);
        for (size_t at = 0; at < counts.size(); ++at) batch_.histograms[at] += static_cast<double>(counts[at]);
    }

   private:
    bool isCancelled() const { return __atomic_load_n(batch_.control, __ATOMIC_RELAXED) != 0; }

    void decodeOne(size_t file, std::vector<uint8_t>& buffer, std::vector<uint64_t>& counts) {
        setState(file, kStarted);
        const size_t length = batch_.target.bytes();
        uint8_t* out = batch_.pixels + file * length;
        try {
            decodePicture(readFile(batch_.files[file], buffer), batch_.target, Limits{}, out);
        } catch (const std::exception&) {
            return setState(file, kWaiting);  // refused, or no memory for it: the general decoder says what is wrong
        }
        batch_.checksums[file] = static_cast<uint32_t>(crc32(0, out, static_cast<uInt>(length)));
        const auto channels = static_cast<size_t>(batch_.target.channels);
        for (size_t at = 0; at < length; at += channels)
            for (size_t channel = 0; channel < channels; ++channel) ++counts[channel * 256 + out[at + channel]];
        setState(file, kDecoded);
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
        // Fewer threads than wished for are enough.
    }
    crew.work();
    for (std::thread& other : others) other.join();
}

}  // namespace normlab::image
