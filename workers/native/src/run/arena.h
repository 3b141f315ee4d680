// One block of memory for everything that lives inside a step.
#pragma once

#include <cstddef>
#include <vector>

namespace normlab {

struct Interval {
    size_t bytes = 0;
    int first = 0, last = 0;  // steps, both included
    size_t offset = 0;        // result
};

// Gives each interval an offset such that intervals which live at the same time do not overlap; returns the bytes
// needed. Greedy by size: the largest first, each at the lowest place that is free during its life.
size_t packIntervals(std::vector<Interval>& intervals);

// Page-aligned memory, zeroed, freed with its owner.
class Arena {
   public:
    explicit Arena(size_t bytes);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    char* data() const { return data_; }
    size_t bytes() const { return bytes_; }
    // In tests (NORMLAB_POISON=1): fills the memory with NaN, so that whoever reads what no step of this run wrote is
    // found out.
    void poison();

   private:
    size_t bytes_;
    char* data_;
    bool isPoisoned_;
};

}  // namespace normlab
