// What a prepared program is made of: buffers, and steps over them. The planner writes them, the executor runs them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "onednn/dnnl_compat.h"

namespace normlab {

// Memory of one value. Fixed buffers are lent by JavaScript; the others get their place in the arena.
struct Buffer {
    size_t bytes = 0;
    void* fixed = nullptr;
    bool perRun = false;  // the images of an f32 program: the pointer comes with each run
    int first = -1, last = -1;
    int overlay = -1;  // shares the memory of this buffer, which dies where this one is born
};

// A buffer seen through a descriptor.
struct Value {
    Md desc;
    int buffer = -1;
};

struct StepScalars {
    double learningRate = 0;
    double step = 0;
    double batch = 0;  // of the training, from 1
    uint32_t randomKey = 0;
    // The place of this batch among those of one update; `share` weighs its gradient, `keep` what was accumulated
    // before.
    bool accumulates = false, isLast = true;
    double share = 1, keep = 0;
};

// Second labels of images mixed of two, and the share of the first one; null when no image is.
struct Mix {
    const int32_t* labels = nullptr;
    const float* shares = nullptr;
};

// What a kernel of our own sees when it runs.
struct RunContext {
    StepScalars scalars;
    const void* images = nullptr;
    const int32_t* labels = nullptr;  // null when the run has none
    void* const* pointers = nullptr;
    Mix mix;

    template <typename T>
    T* at(int buffer) const {
        return static_cast<T*>(pointers[buffer]);
    }
};

using Kernel = std::function<void(const RunContext&)>;

// A stored tensor of which work on some samples reads those, `bytes` of each.
struct SampleRegion {
    int buffer = -1;
    int64_t bytes = 0;
};

// A tensor as a pass reads it, some samples at a time: stored, or computed on the fly by the pass. What is computed on
// the fly goes to the pass's own memory and never exists whole, or to its buffer, where later readers find it.
struct SampleSource {
    Md desc;
    int buffer = -1;  // where it is stored, or -1
    std::function<void(const RunContext&, int64_t first, int64_t last, void* to)> make;
    std::vector<SampleRegion> reads;
    std::vector<int> touched;
};

// An epilogue: work of another instruction on samples from `first` to before `last`, done by the thread that has just
// written them, while they are in its cache. With the buffers that it touches.
struct SampleWork {
    std::function<void(const RunContext&, int64_t first, int64_t last)> run;
    std::vector<int> touched;
    std::vector<SampleRegion> reads;  // besides what has just been written
};

struct Argument {
    int name;  // DNNL_ARG_*
    Value value;
};

// Either a oneDNN primitive with its arguments, or a kernel.
struct Step {
    std::string label;
    dnnl::primitive primitive;
    std::vector<Argument> arguments;
    Kernel kernel;
};

// A prepared program: its steps in order, over these buffers.
struct Plan {
    std::vector<Buffer> buffers;
    std::vector<Step> steps;
};

}  // namespace normlab
