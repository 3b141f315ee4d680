#include "ops/shared/conv_winograd_forms.h"

#include "kernels/winograd/winograd.h"
#include "ops/shared/conv_images.h"

namespace normlab {
namespace {

// Padded blocks are multiplied too. Measured: with 9 channels (3.2 times the products) padded blocks take two thirds of
// the direct algorithm's time, with 8 (4 times) the same.
constexpr double kMostFilling = 3.5;

bool pays(int64_t ins, int64_t outs) {
    const auto whole = [](int64_t channels) { return static_cast<double>((channels + 15) / 16 * 16); };
    return whole(ins) * whole(outs) <= kMostFilling * static_cast<double>(ins * outs);
}

}  // namespace

bool winogradWalks(const Md& desc) {
    return isGrouped(desc) && (isBlocked(desc) || channelLayoutOf(desc)->channels % 16 == 0);
}

bool winogradFits(const Planner& plan, const Instruction& op, int src, int dst) {
    const std::array<int64_t, 2> ones{1, 1};
    if (plan.computeType() != DataType::f32 || winogradKernels() == nullptr || op.groups != 1) return false;
    if (op.kernel != std::array<int64_t, 2>{3, 3} || op.stride != ones || op.dilation != ones) return false;
    for (const int64_t pad : op.padding)
        if (pad > 2) return false;
    return isImage(plan.dims(src)) && isImage(plan.dims(dst)) && pays(plan.dims(src)[1], plan.dims(dst)[1]);
}

}  // namespace normlab
