#include "kernels/winograd/winograd.h"

#include <algorithm>

#include "kernels/lanes/cpu_levels.h"

#include "kernels/lanes/lanes.h"
#if NORMLAB_LEVELS
#include <immintrin.h>
#endif

namespace normlab {

void planWinograd(WinogradConv& conv, bool weights) {
    // Small blocks stay in the first-level cache. Long blocks are better where each block loads and stores all sums, or
    // reads a large kernel.
    const int64_t groups = conv.src.groups + conv.dst.groups;
    const int64_t wanted = weights && groups > 2 ? 64 : groups > 8 ? 64 : 16;
    const int64_t tiles = conv.rows() * conv.tilesAcross();
    conv.block = std::min(wanted, (tiles + 15) / 16 * 16);
}

#if NORMLAB_VECTORS && NORMLAB_LEVELS

namespace {
#define NORMLAB_EIGHTS
NORMLAB_LEVEL_BEGIN_V3
namespace v3 {
#include "kernels/lanes/lanes.inc"
#include "kernels/winograd/winograd_tiles.inc"
#include "kernels/winograd/winograd_products.inc"
}  // namespace v3
NORMLAB_LEVEL_END
#undef NORMLAB_EIGHTS

#define NORMLAB_MASKS
NORMLAB_LEVEL_BEGIN_V4
namespace v4 {
#include "kernels/lanes/lanes.inc"
#include "kernels/winograd/winograd_tiles.inc"
#include "kernels/winograd/winograd_products.inc"
}  // namespace v4
NORMLAB_LEVEL_END
#undef NORMLAB_MASKS
}  // namespace

const WinogradKernels* winogradKernels() {
    const int level = cpuLevel();
    if (level >= 4) return &v4::kWinograd;
    return level == 3 ? &v3::kWinograd : nullptr;
}

#elif NORMLAB_VECTORS && NORMLAB_ARM64

namespace {
#include "kernels/lanes/lanes.inc"
#include "kernels/winograd/winograd_tiles.inc"
#include "kernels/winograd/winograd_products.inc"
}  // namespace

const WinogradKernels* winogradKernels() {
    return &kWinograd;
}

#else

const WinogradKernels* winogradKernels() {
    return nullptr;
}

#endif

}  // namespace normlab
