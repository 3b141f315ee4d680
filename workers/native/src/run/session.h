// Engine, stream and thread count of one network. It owns no memory: the state is lent by JavaScript.
#pragma once

#include <cstdint>
#include <vector>

#include "onednn/dnnl_compat.h"
#include "run/signal_scope.h"

namespace normlab {

struct Session {
    Session(int threadCount, bool useBf16) : threads(threadCount), bf16(useBf16) {}

    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    int threads;
    bool bf16;
};

// Sets OpenMP's thread count for the calling thread, which runs oneDNN and our loops, and restores the old one. The
// count is a property of each thread in OpenMP, so that workers do not affect each other. oneDNN fixes its partitions
// when a primitive is created, so that preparing needs this scope as well as running. Signals wait until its end.
class ThreadScope {
   public:
    explicit ThreadScope(int threads);
    ~ThreadScope();
    ThreadScope(const ThreadScope&) = delete;
    ThreadScope& operator=(const ThreadScope&) = delete;

   private:
    SignalScope signals_;
    int before_;
};

// The arrays of a tap; `gradients` may be empty.
struct LentTap {
    float* values = nullptr;
    int64_t valuesSize = 0;
    float* gradients = nullptr;
    int64_t gradientsSize = 0;
};

// The arrays that JavaScript allocated for one prepared program, and the state of its session. Sizes are in elements.
struct Lent {
    float* state = nullptr;
    int64_t stateSize = 0;
    float* gradients = nullptr;
    int64_t gradientsSize = 0;
    float* batchStatistics = nullptr;
    int64_t batchStatisticsSize = 0;
    float* logits = nullptr;
    int64_t logitsSize = 0;
    float* inputGradient = nullptr;
    int64_t inputGradientSize = 0;
    float* accumulated = nullptr;  // gradients of several batches, one array per session
    int64_t accumulatedSize = 0;
    std::vector<LentTap> taps;
    // No run of the program is preceded by a write to the parameters: weights are transformed in the first run alone.
    bool constantParameters = false;
    double* metrics = nullptr;  // loss, correct, gradient norm
};

}  // namespace normlab
