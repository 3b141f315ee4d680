#include "base/cpu_cap.h"

#include <cstdlib>
#include <cstring>

namespace normlab {
namespace {

CpuCap readCap() {
    const char* wanted = std::getenv("NORMLAB_CPU");
    if (wanted == nullptr) return CpuCap::kAmx;
    if (std::strcmp(wanted, "v2") == 0) return CpuCap::kV2;
    if (std::strcmp(wanted, "v3") == 0) return CpuCap::kV3;
    if (std::strcmp(wanted, "v4") == 0) return CpuCap::kV4;
    return CpuCap::kAmx;
}

}  // namespace

CpuCap cpuCap() {
    static const CpuCap cap = readCap();
    return cap;
}

}  // namespace normlab
