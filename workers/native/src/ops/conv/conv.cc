// Convolutions. oneDNN chooses all layouts (`any`). The kernel is reordered from its canonical f32 form in every step,
// its gradient back to canonical f32. In bf16 only the images and the reordered kernel are bf16; bias and kernel
// gradient stay f32.
#include "ops/conv/conv.h"
#include "ops/conv/conv_amx.h"
#include "ops/conv/conv_taps.h"
#include "kernels/lanes/cpu_levels.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

struct Conv {
    compat::ConvShape shape;
    Md weightsView, biasDesc;  // canonical descriptors of the lent parameters
};

// `[groups, out/groups, in/groups, kH, kW]` for grouped convolutions: the same bytes as the canonical four dims.
Dims weightDims(const Dims& canonical, int64_t groups) {
    if (groups == 1) return canonical;
    return {groups, canonical[0] / groups, canonical[1], canonical[2], canonical[3]};
}

void checkChannels(const Instruction& op, const Dims& src, const Dims& weights, const Dims& dst) {
    demand(src.size() == 4 && dst.size() == 4 && weights.size() == 4, "a convolution needs images [N, C, H, W]");
    demand(src[1] % op.groups == 0 && dst[1] % op.groups == 0, "the channels do not divide into the groups");
    demand(weights[0] == dst[1] && weights[1] * op.groups == src[1] && weights[2] == op.kernel[0] &&
               weights[3] == op.kernel[1],
           "the kernel's dims do not fit the channels");
}

// With AVX2 oneDNN would choose blocks of eight channels, which our loops do not support: channels last instead. Only
// for whole blocks, and for the few channels of a first layer: oneDNN 2.6.3's gradient of 1x1 kernels reads beyond
// other channels.
bool channelsLast(const Planner& plan, const Instruction& op, const Dims& src, const Dims& dst) {
    if (cpuLevel() != 3 || op.groups != 1 || plan.computeType() != DataType::f32) return false;
    const bool isFirst = src[1] <= 3 && op.kernel[0] * op.kernel[1] > 1;
    return dst[1] % 8 == 0 && (src[1] % 8 == 0 || isFirst);
}

Md imageDesc(const Planner& plan, const Dims& dims, bool last) {
    return last ? Md(dims, DataType::f32, dnnl::memory::format_tag::nhwc) : anyDesc(dims, plan.computeType());
}

Conv describeConv(const Planner& plan, const Instruction& op, int src, const Dims& kernel, int dst, bool withBias) {
    const Dims srcDims = plan.dims(src), dstDims = plan.dims(dst);
    checkChannels(op, srcDims, kernel, dstDims);
    const Dims dims = weightDims(kernel, op.groups);
    Conv out;
    out.weightsView = plainDesc(dims, DataType::f32);
    out.biasDesc = plainDesc({dstDims[1]}, DataType::f32);
    const bool last = channelsLast(plan, op, srcDims, dstDims);
    out.shape.src = imageDesc(plan, srcDims, last);
    out.shape.dst = imageDesc(plan, dstDims, last);
    out.shape.weights = anyDesc(dims, plan.computeType());
    if (withBias) out.shape.bias = out.biasDesc;
    out.shape.strides = {op.stride[0], op.stride[1]};
    out.shape.dilates = {op.dilation[0] - 1, op.dilation[1] - 1};
    out.shape.paddingBegin = {op.padding[0], op.padding[1]};
    out.shape.paddingEnd = {op.padding[2], op.padding[3]};
    return out;
}

compat::ConvForward forwardOf(const Planner& plan, const Conv& conv) {
    const auto prop = plan.program().training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    return compat::convForward(plan.engine(), prop, conv.shape);
}

void checkBias(const Planner& plan, int bias, const Conv& conv) {
    demand(bias == kNone || plan.dims(bias) == compat::dimsOf(conv.biasDesc), "the bias does not fit the channels");
}

}  // namespace

Md preferredConvSrc(Planner& plan, const Instruction& op) {
    if (op.groups == 1 && ownTilesApply(plan)) return ownImageDesc(plan.dims(op.src));
    const Conv conv = describeConv(plan, op, op.src, plan.dims(op.weights), op.dst, op.bias != kNone);
    return forwardOf(plan, conv).src_desc();
}

void planConvForward(Planner& plan, const Instruction& op) {
    const Conv conv = describeConv(plan, op, op.src, plan.dims(op.weights), op.dst, op.bias != kNone);
    checkBias(plan, op.bias, conv);
    if (planOwnConvForward(plan, op) || planWinogradForward(plan, op)) return;
    if (planDepthwiseForward(plan, op) || planTapsForward(plan, op)) return;
    const compat::ConvForward pd = forwardOf(plan, conv);
    std::vector<Argument> arguments = {
        {DNNL_ARG_SRC, plan.read(op.src, pd.src_desc())},
        {DNNL_ARG_WEIGHTS, plan.read(op.weights, pd.weights_desc(), &conv.weightsView)},
    };
    if (op.bias != kNone) arguments.push_back({DNNL_ARG_BIAS, plan.read(op.bias, conv.biasDesc)});
    arguments.push_back({DNNL_ARG_DST, plan.write(op.dst, pd.dst_desc())});
    plan.addPrimitive("convForward " + op.node, dnnl::convolution_forward(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

void planConvBackwardData(Planner& plan, const Instruction& op) {
    const Conv conv = describeConv(plan, op, op.diffSrc, plan.dims(op.weights), op.diffDst, false);
    if (planOwnConvBackwardData(plan, op) || planWinogradData(plan, op)) return;
    if (planDepthwiseData(plan, op) || planTapsData(plan, op)) return;
    const compat::ConvBackwardData pd = compat::convBackwardData(plan.engine(), conv.shape, forwardOf(plan, conv));
    std::vector<Argument> arguments = {
        {DNNL_ARG_DIFF_DST, plan.read(op.diffDst, pd.diff_dst_desc())},
        {DNNL_ARG_WEIGHTS, plan.read(op.weights, pd.weights_desc(), &conv.weightsView)},
    };
    arguments.push_back({DNNL_ARG_DIFF_SRC, plan.write(op.diffSrc, pd.diff_src_desc())});
    plan.addPrimitive("convBackwardData " + op.node, dnnl::convolution_backward_data(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

void planConvBackwardWeights(Planner& plan, const Instruction& op) {
    const bool withBias = op.diffBias != kNone;
    Conv conv = describeConv(plan, op, op.src, plan.dims(op.diffWeights), op.diffDst, withBias);
    checkBias(plan, op.diffBias, conv);
    if (planOwnConvWeights(plan, op) || planWinogradWeights(plan, op)) return;
    if (planDepthwiseWeights(plan, op) || planTapsWeights(plan, op) || planDirectWeights(plan, op)) return;
    const Dims src = plan.dims(op.src), dst = plan.dims(op.diffDst);
    if (stridesBesideImage(op, src, dst)) {
        conv.shape.src = anyDesc(src, DataType::f32);
        conv.shape.dst = anyDesc(dst, DataType::f32);
        conv.shape.weights = anyDesc(compat::dimsOf(conv.weightsView), DataType::f32);
    }
    const compat::ConvForward hint = forwardOf(plan, conv);
    conv.shape.weights = anyDesc(compat::dimsOf(conv.weightsView), DataType::f32);
    const compat::ConvBackwardWeights pd = compat::convBackwardWeights(plan.engine(), conv.shape, hint);
    std::vector<Argument> arguments = {
        {DNNL_ARG_SRC, plan.read(op.src, pd.src_desc())},
        {DNNL_ARG_DIFF_DST, plan.read(op.diffDst, pd.diff_dst_desc())},
    };
    arguments.push_back({DNNL_ARG_DIFF_WEIGHTS, plan.write(op.diffWeights, pd.diff_weights_desc(), &conv.weightsView)});
    if (withBias) arguments.push_back({DNNL_ARG_DIFF_BIAS, plan.write(op.diffBias, conv.biasDesc)});
    plan.addPrimitive("convBackwardWeights " + op.node, dnnl::convolution_backward_weights(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

}  // namespace normlab
