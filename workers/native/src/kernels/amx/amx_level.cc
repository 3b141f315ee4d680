#include "kernels/amx/amx_level.h"

#include "base/cpu_cap.h"

#if NORMLAB_AMX
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace normlab {

#if NORMLAB_AMX

namespace {

bool requestTiles() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
    const bool tiles = (d >> 22 & 1U) != 0 && (d >> 24 & 1U) != 0;  // AMX-BF16, AMX-TILE
    __builtin_cpu_init();
    if (!tiles || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")) return false;
    if (!__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bf16")) return false;
    constexpr int kRequestPermission = 0x1023, kTileData = 18;  // arch_prctl(2), ARCH_REQ_XCOMP_PERM
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

}  // namespace

bool isAmxMachine() {
    static const bool is = requestTiles();
    return is;
}

#else

bool isAmxMachine() {
    return false;
}

#endif

bool hasAmx() {
    return cpuCap() >= CpuCap::kAmx && isAmxMachine();
}

}  // namespace normlab
