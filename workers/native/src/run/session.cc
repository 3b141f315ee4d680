#include "run/session.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace normlab {

#ifdef _OPENMP
ThreadScope::ThreadScope(int threads) : before_(omp_get_max_threads()) {
    omp_set_num_threads(threads);
}

ThreadScope::~ThreadScope() {
    omp_set_num_threads(before_);
}
#else
ThreadScope::ThreadScope(int) : before_(1) {}

ThreadScope::~ThreadScope() = default;
#endif

}  // namespace normlab
