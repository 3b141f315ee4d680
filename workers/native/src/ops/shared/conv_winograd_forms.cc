#include "ops/shared/conv_winograd_forms.h"

#include "kernels/winograd/winograd.h"

namespace normlab {
namespace {

bool isImage(const Dims& dims) {
    return dims.size() == 4 && dims[2] > 0 && dims[3] > 0;
}

// Padded blocks are multiplied too. Measured: with 9 channels (3.2 times the products) padded blocks take two thirds of
// the direct algorithm's time, with 8 (4 times) the same.
constexpr double kMostFilling = 3.5;

bool pays(int64_t ins, int64_t outs) {
    const auto whole = [](int64_t channels) { return static_cast<double>((channels + 15) / 16 * 16); };
    return whole(ins) * whole(outs) <= kMostFilling * static_cast<double>(ins * outs);
}

}  // namespace

bool winogradWalks(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!layout || compat::typeOf(desc) != DataType::f32) return false;
    const bool last = layout->block == 1 && layout->blockStride == 1 && layout->pixelStride >= layout->channels;
    return layout->block == 16 || (last && layout->channels % 16 == 0);
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
