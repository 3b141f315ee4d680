// Blocks asynchronous signals for the calling thread while oneDNN computes.
//
// oneDNN's matrix product for AVX (jit_avx_gemm_f32, last seen in 2.6.3) uses a buffer on the heap as its stack when K
// exceeds 252. A signal that arrives then writes its frame before that buffer and corrupts the heap. V8's profiler
// sends a thousand signals a second. OpenMP's threads inherit the mask from the thread that starts them.
#pragma once

#ifndef _WIN32
#include <csignal>
#endif

namespace normlab {

class SignalScope {
   public:
    SignalScope();
    ~SignalScope();
    SignalScope(const SignalScope&) = delete;
    SignalScope& operator=(const SignalScope&) = delete;

#ifndef _WIN32
   private:
    sigset_t before_;
#endif
};

}  // namespace normlab
