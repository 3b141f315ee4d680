// Dense layers as oneDNN inner products over `[N, in]`, or by our own loops (own_dense.cc). The logits are written
// in f32 whatever the compute precision.
#include "ops/conv/conv.h"
#include "ops/dense/own_dense.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

compat::DenseShape describeDense(const Planner& plan, int src, const Dims& weights, int dst, int bias) {
    const Dims srcDims = plan.dims(src), dstDims = plan.dims(dst);
    demand(srcDims.size() == 2 && dstDims.size() == 2 && weights.size() == 2, "a dense layer needs features [N, F]");
    demand(weights[0] == dstDims[1] && weights[1] == srcDims[1], "the kernel's dims do not fit the features");
    demand(bias == kNone || plan.dims(bias) == Dims{dstDims[1]}, "the bias does not fit the features");
    compat::DenseShape out;
    out.src = anyDesc(srcDims, plan.computeType());
    out.weights = anyDesc(weights, plan.computeType());
    out.dst = anyDesc(dstDims, plan.computeType());
    if (bias != kNone) out.bias = plainDesc({dstDims[1]}, DataType::f32);
    return out;
}

compat::DenseForward forwardOf(const Planner& plan, const compat::DenseShape& shape) {
    const auto prop = plan.program().training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    return compat::denseForward(plan.engine(), prop, shape);
}

}  // namespace

void planDenseForward(Planner& plan, const Instruction& op) {
    compat::DenseShape shape = describeDense(plan, op.src, plan.dims(op.weights), op.dst, op.bias);
    if (planRowsForward(plan, op)) return;
    if (op.dst == plan.program().logits) shape.dst = plainDesc(plan.dims(op.dst), DataType::f32);
    const compat::DenseForward pd = forwardOf(plan, shape);
    std::vector<Argument> arguments = {
        {DNNL_ARG_SRC, plan.read(op.src, pd.src_desc())},
        {DNNL_ARG_WEIGHTS, plan.read(op.weights, pd.weights_desc())},
    };
    if (op.bias != kNone) arguments.push_back({DNNL_ARG_BIAS, plan.read(op.bias, shape.bias)});
    arguments.push_back({DNNL_ARG_DST, plan.write(op.dst, pd.dst_desc())});
    plan.addPrimitive("denseForward " + op.node, dnnl::inner_product_forward(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

void planDenseBackwardData(Planner& plan, const Instruction& op) {
    const compat::DenseShape shape = describeDense(plan, op.diffSrc, plan.dims(op.weights), op.diffDst, kNone);
    if (planRowsData(plan, op)) return;
    const compat::DenseBackwardData pd = compat::denseBackwardData(plan.engine(), shape, forwardOf(plan, shape));
    std::vector<Argument> arguments = {
        {DNNL_ARG_DIFF_DST, plan.read(op.diffDst, pd.diff_dst_desc())},
        {DNNL_ARG_WEIGHTS, plan.read(op.weights, pd.weights_desc())},
    };
    arguments.push_back({DNNL_ARG_DIFF_SRC, plan.write(op.diffSrc, pd.diff_src_desc())});
    plan.addPrimitive("denseBackwardData " + op.node, dnnl::inner_product_backward_data(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

void planDenseBackwardWeights(Planner& plan, const Instruction& op) {
    compat::DenseShape shape = describeDense(plan, op.src, plan.dims(op.diffWeights), op.diffDst, op.diffBias);
    if (planOwnDenseWeights(plan, op) || planRowsWeights(plan, op)) return;
    const compat::DenseForward hint = forwardOf(plan, shape);
    shape.weights = anyDesc(plan.dims(op.diffWeights), DataType::f32);
    const compat::DenseBackwardWeights pd = compat::denseBackwardWeights(plan.engine(), shape, hint);
    std::vector<Argument> arguments = {
        {DNNL_ARG_SRC, plan.read(op.src, pd.src_desc())},
        {DNNL_ARG_DIFF_DST, plan.read(op.diffDst, pd.diff_dst_desc())},
    };
    arguments.push_back({DNNL_ARG_DIFF_WEIGHTS, plan.write(op.diffWeights, pd.diff_weights_desc())});
    if (op.diffBias != kNone) arguments.push_back({DNNL_ARG_DIFF_BIAS, plan.write(op.diffBias, shape.bias)});
    plan.addPrimitive("denseBackwardWeights " + op.node, dnnl::inner_product_backward_weights(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

}  // namespace normlab
