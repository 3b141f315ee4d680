// One block of memory for all values that live within a step.
#pragma once

#include <cstddef>
#include <vector>

namespace normlab {

struct Interval {
    size_t bytes = 0;
    int first = 0, last = 0;  // steps, both inclusive
    size_t offset = 0;        // result
};

// Assigns each interval an offset such that intervals with overlapping lifetimes do not overlap in memory; returns the
// bytes needed. Greedy by size: the largest first, each at the lowest offset that is free during its lifetime.
size_t packIntervals(std::vector<Interval>& intervals);

// Page-aligned, zeroed memory, freed with its owner.
class Arena {
   public:
    explicit Arena(size_t bytes);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    char* data() const { return data_; }
    size_t bytes() const { return bytes_; }
    // In tests (NORMLAB_POISON=1): fills the memory with NaN, to detect reads of memory that no step of this run has
    // written.
    void poison();

   private:
    size_t bytes_;
    char* data_;
    bool isPoisoned_;
};

}  // namespace normlab
