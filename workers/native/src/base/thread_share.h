// A thread's share of the units of a parallel region: a run of them, the same in every region with as many threads.
#pragma once

#include <cstdint>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace normlab {

// The calling parallel region's; 0 and 1 outside one.
inline int threadNumber() {
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

inline int threadCount() {
#ifdef _OPENMP
    return omp_get_num_threads();
#else
    return 1;
#endif
}

struct ThreadShare {
    int64_t thread = 0, threads = 1;
    int64_t first = 0, last = 0;
};

// Must be called inside the parallel region.
inline ThreadShare shareOf(int64_t count) {
    ThreadShare out;
    out.thread = threadNumber();
    out.threads = threadCount();
    out.first = count * out.thread / out.threads;
    out.last = count * (out.thread + 1) / out.threads;
    return out;
}

}  // namespace normlab
