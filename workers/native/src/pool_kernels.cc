#include "pool_kernels.h"

#include "cpu_levels.h"

#if NORMLAB_OWN_NORM
#include "lanes.h"
#endif
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {
namespace {

#if NORMLAB_OWN_NORM

namespace base {
#include "lanes.inc"
#include "pool_kernels.inc"
}  // namespace base

#if NORMLAB_LEVELS
NORMLAB_LEVEL_BEGIN_V3
namespace v3 {
#include "lanes.inc"
#include "pool_kernels.inc"
}  // namespace v3
NORMLAB_LEVEL_END

#define NORMLAB_MASKS
NORMLAB_LEVEL_BEGIN_V4
namespace v4 {
#include "lanes.inc"
#include "pool_kernels.inc"
}  // namespace v4
NORMLAB_LEVEL_END

NORMLAB_LEVEL_BEGIN_V5
namespace v5 {
#define NORMLAB_CONVERTS_BF16
#include "lanes.inc"
#include "pool_kernels.inc"
#undef NORMLAB_CONVERTS_BF16
}  // namespace v5
NORMLAB_LEVEL_END
#undef NORMLAB_MASKS
#endif

template <typename T>
const PoolKernels<T>& chosen() {
#if NORMLAB_LEVELS
    static const int level = cpuLevel();
    if (level >= 5) return v5::kTable<T>;
    if (level == 4) return v4::kTable<T>;
    if (level == 3) return v3::kTable<T>;
#endif
    return base::kTable<T>;
}

#else

// No vectors in this compiler: nothing is planned with these loops (normGridOf).
template <typename T>
const PoolKernels<T>& chosen() {
    static const PoolKernels<T> none = {};
    return none;
}

#endif

}  // namespace

template <>
const PoolKernels<float>& poolKernels<float>() {
    return chosen<float>();
}

template <>
const PoolKernels<Bf16>& poolKernels<Bf16>() {
    return chosen<Bf16>();
}

}  // namespace normlab
