#include "kernels/lanes/cpu_levels.h"

#include <algorithm>

#include "base/cpu_cap.h"

namespace normlab {

int machineLevel() {
#if NORMLAB_LEVELS
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 2;
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (!wide) return 3;
    return __builtin_cpu_supports("avx512bf16") ? 5 : 4;
#else
    return 2;
#endif
}

int cpuLevel() {
    // Conversion to bf16 belongs to v4 as its CPU has it.
    static const int level =
        cpuCap() >= CpuCap::kV4 ? machineLevel() : std::min(machineLevel(), static_cast<int>(cpuCap()));
    return level;
}

}  // namespace normlab
