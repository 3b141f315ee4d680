#include "run/arena.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>

#include "base/status.h"

namespace normlab {
namespace {

constexpr size_t kCacheLine = 64;
constexpr size_t kPage = 4096;

size_t roundUp(size_t value, size_t unit) {
    return (value + unit - 1) / unit * unit;
}

bool liveTogether(const Interval& a, const Interval& b) {
    return a.first <= b.last && b.first <= a.last;
}

// Lowest offset at which `interval` fits between the neighbours, which are sorted by offset.
size_t lowestGap(const Interval& interval, const std::vector<const Interval*>& neighbours) {
    size_t offset = 0;
    for (const Interval* other : neighbours) {
        if (other->offset >= offset + interval.bytes) break;
        offset = std::max(offset, roundUp(other->offset + other->bytes, kCacheLine));
    }
    return offset;
}

}  // namespace

size_t packIntervals(std::vector<Interval>& intervals) {
    std::vector<size_t> order(intervals.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return intervals[a].bytes > intervals[b].bytes; });
    std::vector<const Interval*> placed;
    size_t total = 0;
    for (const size_t index : order) {
        Interval& interval = intervals[index];
        std::vector<const Interval*> neighbours;
        for (const Interval* other : placed)
            if (liveTogether(interval, *other)) neighbours.push_back(other);
        std::sort(neighbours.begin(), neighbours.end(),
                  [](const Interval* a, const Interval* b) { return a->offset < b->offset; });
        interval.offset = lowestGap(interval, neighbours);
        total = std::max(total, interval.offset + interval.bytes);
        placed.push_back(&interval);
    }
    return roundUp(total, kCacheLine);
}

namespace {

Failure outOfMemory(size_t bytes) {
    const size_t mebibytes = bytes >> 20;
    Failure failure(
        "out of memory: " + std::to_string(mebibytes) + " MiB of working memory could not be had; use a smaller batch",
        ErrorCode::outOfMemory);
    failure.mebibytes = static_cast<double>(mebibytes);
    return failure;
}

}  // namespace

Arena::Arena(size_t bytes) : bytes_(roundUp(bytes, kPage)) {
    data_ = static_cast<char*>(::operator new(std::max(bytes_, kPage), std::align_val_t(kPage), std::nothrow));
    if (data_ == nullptr) throw outOfMemory(bytes_);
    std::memset(data_, 0, bytes_);
    const char* wish = std::getenv("NORMLAB_POISON");
    isPoisoned_ = wish != nullptr && wish[0] == '1';
}

void Arena::poison() {
    if (isPoisoned_) std::memset(data_, 0xff, bytes_);
}

Arena::~Arena() {
    ::operator delete(data_, std::align_val_t(kPage));
}

}  // namespace normlab
