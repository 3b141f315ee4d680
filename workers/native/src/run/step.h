// The parts of a prepared program: buffers, and steps over them. The planner creates them, the executor runs them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "onednn/dnnl_compat.h"

namespace normlab {

// Memory of one value. Fixed buffers are lent by JavaScript; the others are in the arena.
struct Buffer {
    size_t bytes = 0;
    void* fixed = nullptr;
    bool perRun = false;  // the images of an f32 program: each run passes the pointer
    bool kept = false;  // holds its values from one run to the next
    int first = -1, last = -1;
    int overlay = -1;  // shares the memory of this buffer, whose lifetime ends where this one's begins
};

// A buffer seen through a descriptor.
struct Value {
    Md desc;
    int buffer = -1;
};

struct StepScalars {
    double learningRate = 0;
    double step = 0;
    double batch = 0;  // number of the batch in the training, from 1
    uint32_t randomKey = 0;
    // Gradient accumulation: `share` is the weight of this batch's gradient, `keep` the factor of the accumulated one.
    bool accumulates = false, isLast = true;
    double share = 1, keep = 0;
};

// For images mixed of two: second labels, and the weight of the first label; null if no image is mixed.
struct Mix {
    const int32_t* labels = nullptr;
    const float* shares = nullptr;
};

// The inputs of one of our kernels at run time.
struct RunContext {
    StepScalars scalars;
    const void* images = nullptr;
    const int32_t* labels = nullptr;  // null if the run has none
    void* const* pointers = nullptr;
    Mix mix;
    bool weightsReady = false;  // kept weights were transformed in an earlier run

    template <typename T>
    T* at(int buffer) const {
        return static_cast<T*>(pointers[buffer]);
    }
};

using Kernel = std::function<void(const RunContext&)>;

// A stored tensor that work on some samples reads, with `bytes` per sample.
struct SampleRegion {
    int buffer = -1;
    int64_t bytes = 0;
};

// A tensor as read by a pass, a few samples at a time: stored, or computed on the fly. Computed samples go to the
// pass's own memory, so that the whole tensor never exists, or to its buffer, where later readers find them.
struct SampleSource {
    Md desc;
    int buffer = -1;  // where it is stored, or -1
    std::function<void(const RunContext&, int64_t first, int64_t last, void* to)> make;
    std::vector<SampleRegion> reads;
    std::vector<int> touched;
};

// An epilogue: work of another instruction on samples from `first` to `last` (excluded). The thread that has just
// written them runs it while they are in its cache. `touched`: the buffers that it uses.
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
    int threads = 0;  // of the primitive; 0: all of the program's
    bool once = false;  // transforms weights that are kept: only the first run executes it
    std::vector<Argument> arguments;
    Kernel kernel;
};

// A prepared program: its steps in order, over these buffers.
struct Plan {
    std::vector<Buffer> buffers;
    std::vector<Step> steps;
    bool keepsWeights = false;
};

}  // namespace normlab
