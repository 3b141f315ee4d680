// Transposed convolutions by oneDNN's deconvolution, which expects its kernel as [out, in, kH, kW]. Ours is [in,
// out/groups, kH, kW], passed through a transposed view. Layouts and precisions as in conv.cc.
#include "ops/conv/conv_taps.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

// The canonical kernel as `[groups, out/groups, in/groups, kH, kW]`, without the groups if there is only one.
Md transposedView(const Dims& canonical, int64_t groups) {
    const int64_t in = canonical[0] / groups, out = canonical[1], rows = canonical[2], columns = canonical[3];
    const int64_t taps = rows * columns;
    Dims dims = {out, in, rows, columns}, strides = {taps, out * taps, columns, 1};
    if (groups > 1) {
        dims.insert(dims.begin(), groups);
        strides.insert(strides.begin(), in * out * taps);
    }
    return Md(dims, DataType::f32, strides);
}

void checkChannels(const Instruction& op, const Dims& src, const Dims& weights, const Dims& dst) {
    demand(src.size() == 4 && dst.size() == 4 && weights.size() == 4,
           "a transposed convolution needs images [N, C, H, W]");
    demand(src[1] % op.groups == 0 && dst[1] % op.groups == 0, "the channels do not divide into the groups");
    demand(weights[0] == src[1] && weights[1] * op.groups == dst[1] && weights[2] == op.kernel[0] &&
               weights[3] == op.kernel[1],
           "the kernel's dims do not fit the channels");
}

struct Deconv {
    compat::ConvShape shape;
    Md weightsView, biasDesc;
};

Deconv describeDeconv(const Planner& plan, const Instruction& op, int src, int weights, int dst, int bias) {
    const Dims srcDims = plan.dims(src), dstDims = plan.dims(dst), kernel = plan.dims(weights);
    checkChannels(op, srcDims, kernel, dstDims);
    Deconv out;
    out.weightsView = transposedView(kernel, op.groups);
    out.biasDesc = plainDesc({dstDims[1]}, DataType::f32);
    out.shape.src = anyDesc(srcDims, plan.computeType());
    out.shape.dst = anyDesc(dstDims, plan.computeType());
    out.shape.weights = anyDesc(compat::dimsOf(out.weightsView), plan.computeType());
    demand(bias == kNone || plan.dims(bias) == Dims{dstDims[1]}, "the bias does not fit the channels");
    if (bias != kNone) out.shape.bias = out.biasDesc;
    out.shape.strides = {op.stride[0], op.stride[1]};
    out.shape.dilates = {op.dilation[0] - 1, op.dilation[1] - 1};
    out.shape.paddingBegin = {op.padding[0], op.padding[1]};
    out.shape.paddingEnd = {op.padding[2], op.padding[3]};
    return out;
}

compat::DeconvForward forwardOf(const Planner& plan, const Deconv& deconv) {
    const auto prop = plan.program().training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    return compat::deconvForward(plan.engine(), prop, deconv.shape);
}

}  // namespace

void planConvTransposeForward(Planner& plan, const Instruction& op) {
    const Deconv deconv = describeDeconv(plan, op, op.src, op.weights, op.dst, op.bias);
    const compat::DeconvForward pd = forwardOf(plan, deconv);
    std::vector<Argument> arguments = {
        {DNNL_ARG_SRC, plan.read(op.src, pd.src_desc())},
        {DNNL_ARG_WEIGHTS, plan.read(op.weights, pd.weights_desc(), &deconv.weightsView)},
    };
    if (op.bias != kNone) arguments.push_back({DNNL_ARG_BIAS, plan.read(op.bias, deconv.biasDesc)});
    arguments.push_back({DNNL_ARG_DST, plan.write(op.dst, pd.dst_desc())});
    plan.addPrimitive("convTransposeForward " + op.node, dnnl::deconvolution_forward(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

void planConvTransposeBackwardData(Planner& plan, const Instruction& op) {
    const Deconv deconv = describeDeconv(plan, op, op.diffSrc, op.weights, op.diffDst, kNone);
    const compat::DeconvBackwardData pd =
        compat::deconvBackwardData(plan.engine(), deconv.shape, forwardOf(plan, deconv));
    std::vector<Argument> arguments = {
        {DNNL_ARG_DIFF_DST, plan.read(op.diffDst, pd.diff_dst_desc())},
        {DNNL_ARG_WEIGHTS, plan.read(op.weights, pd.weights_desc(), &deconv.weightsView)},
    };
    arguments.push_back({DNNL_ARG_DIFF_SRC, plan.write(op.diffSrc, pd.diff_src_desc())});
    plan.addPrimitive("convTransposeBackwardData " + op.node, dnnl::deconvolution_backward_data(pd),
                      pd.scratchpad_desc(), std::move(arguments));
}

void planConvTransposeBackwardWeights(Planner& plan, const Instruction& op) {
    Deconv deconv = describeDeconv(plan, op, op.src, op.diffWeights, op.diffDst, op.diffBias);
    const Dims src = plan.dims(op.src), dst = plan.dims(op.diffDst);
    if (stridesBesideImage(op, dst, src)) {
        deconv.shape.src = anyDesc(src, DataType::f32);
        deconv.shape.dst = anyDesc(dst, DataType::f32);
        deconv.shape.weights = anyDesc(compat::dimsOf(deconv.weightsView), DataType::f32);
    }
    const compat::DeconvForward hint = forwardOf(plan, deconv);
    deconv.shape.weights = anyDesc(compat::dimsOf(deconv.weightsView), DataType::f32);
    const compat::DeconvBackwardWeights pd = compat::deconvBackwardWeights(plan.engine(), deconv.shape, hint);
    std::vector<Argument> arguments = {
        {DNNL_ARG_SRC, plan.read(op.src, pd.src_desc())},
        {DNNL_ARG_DIFF_DST, plan.read(op.diffDst, pd.diff_dst_desc())},
    };
    arguments.push_back(
        {DNNL_ARG_DIFF_WEIGHTS, plan.write(op.diffWeights, pd.diff_weights_desc(), &deconv.weightsView)});
    if (op.diffBias != kNone) arguments.push_back({DNNL_ARG_DIFF_BIAS, plan.write(op.diffBias, deconv.biasDesc)});
    plan.addPrimitive("convTransposeBackwardWeights " + op.node, dnnl::deconvolution_backward_weights(pd),
                      pd.scratchpad_desc(), std::move(arguments));
}

}  // namespace normlab
