// Engine, stream and thread count of one network. Holds no memory of its own: the state is lent by JavaScript.
#pragma once

#include <cstdint>

#include "onednn/dnnl_compat.h"

namespace normlab {

struct Session {
    Session(int threadCount, bool useBf16) : threads(threadCount), bf16(useBf16) {}

    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    int threads;
    bool bf16;
};

// Sets OpenMP's thread count for the calling thread, in which oneDNN and our loops then run, and puts the old one back.
// The count is a property of each thread in OpenMP: workers do not disturb each other. oneDNN fixes its partitions when
// a primitive is made, so that preparing needs the scope as much as running does.
class ThreadScope {
   public:
    explicit ThreadScope(int threads);
    ~ThreadScope();
    ThreadScope(const ThreadScope&) = delete;
    ThreadScope& operator=(const ThreadScope&) = delete;

   private:
    int before_;
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
    float* accumulated = nullptr;  // gradients of several batches, one array a session
    int64_t accumulatedSize = 0;
    double* metrics = nullptr;  // loss, correct, gradient norm
};

}  // namespace normlab
