// Pooling by oneDNN, in the layout of the source. Max pooling is in our own loops where they support type and layout
// (max_pool.cc); else it saves the positions of its maxima in oneDNN's workspace.
// Averages include the padding only if requested. Global average pooling is an average over one window as large as the
// image, in our own loops where they support the layout (global_pool.cc). Adaptive average pooling is an average over
// equal windows where the sizes divide, else in our own loops (adaptive_pool.cc).
#include "ops/pool/adaptive_pool.h"
#include "ops/pool/global_pool.h"
#include "ops/pool/max_pool.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

using dnnl::algorithm;
using dnnl::prop_kind;

compat::PoolShape describePool(const Instruction& op, algorithm kind, const Md& src, const Dims& dstDims) {
    const Dims srcDims = compat::dimsOf(src);
    demand(srcDims.size() == 4 && dstDims.size() == 4, "pooling needs images [N, C, H, W]");
    return {kind,
            src,
            likeDesc(src, dstDims, compat::typeOf(src)),
            {op.stride[0], op.stride[1]},
            {op.kernel[0], op.kernel[1]},
            {op.dilation[0] - 1, op.dilation[1] - 1},
            {op.padding[0], op.padding[1]},
            {op.padding[2], op.padding[3]}};
}

algorithm averageOf(const Instruction& op) {
    return op.countPadding ? algorithm::pooling_avg_include_padding : algorithm::pooling_avg_exclude_padding;
}

compat::PoolShape describeGlobal(const Md& src) {
    const Dims dims = compat::dimsOf(src);
    demand(dims.size() == 4, "global average pooling needs images [N, C, H, W]");
    const Dims one = {dims[0], dims[1], 1, 1}, window = {dims[2], dims[3]};
    return {algorithm::pooling_avg_exclude_padding,
            src,
            likeDesc(src, one, compat::typeOf(src)),
            window,
            window,
            {0, 0},
            {0, 0},
            {0, 0}};
}

// Adaptive pooling as windows side by side; no value where the sizes do not divide.
std::optional<Instruction> sideBySide(const Planner& plan, const Instruction& op, int srcTensor, int dstTensor) {
    const Dims src = plan.dims(srcTensor), dst = plan.dims(dstTensor);
    demand(src.size() == 4 && dst.size() == 4, "adaptive average pooling needs images [N, C, H, W]");
    demand(src[0] == dst[0] && src[1] == dst[1], "adaptive average pooling keeps batch and channels");
    if (src[2] % dst[2] != 0 || src[3] % dst[3] != 0) return std::nullopt;
    Instruction out = op;
    out.kernel = out.stride = {src[2] / dst[2], src[3] / dst[3]};
    out.dilation = {1, 1};
    out.padding = {0, 0, 0, 0};
    out.countPadding = false;
    return out;
}

bool isOnePixel(const Dims& dims) {
    return dims[2] == 1 && dims[3] == 1;
}

// The source in a layout that likeDesc can apply to the output too.
Value images(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return plan.read(tensor, likeDesc(have.desc, plan.dims(tensor), compat::typeOf(have.desc)));
}

// Layout in which the corresponding forward instruction read its source, for the gradient; no value if the program has
// none.
std::optional<Md> forwardSrc(const Planner& plan) {
    const int forward = plan.fusions().forwardOf(plan.current());
    if (forward < 0) return std::nullopt;
    const int src = plan.instruction(forward).src;
    const Md have = plan.at(src).desc;
    return likeDesc(have, plan.dims(src), compat::typeOf(have));
}

// The same with the dims of the gradient; canonical if unknown.
Md likeForwardSrc(const Planner& plan, int diffSrc) {
    const std::optional<Md> src = forwardSrc(plan);
    const Dims dims = plan.dims(diffSrc);
    return src ? likeDesc(*src, dims, plan.computeType()) : plainDesc(dims, plan.computeType());
}

void addForward(Planner& plan, const std::string& label, const compat::PoolForward& pd, const Value& src,
                const Value& dst, int indices) {
    std::vector<Argument> arguments = {{DNNL_ARG_SRC, src}, {DNNL_ARG_DST, dst}};
    if (indices != kNone) arguments.push_back({DNNL_ARG_WORKSPACE, plan.write(indices, pd.workspace_desc())});
    plan.addPrimitive(label, compat::PoolForwardPrimitive(pd), pd.scratchpad_desc(), std::move(arguments));
}

void addBackward(Planner& plan, const std::string& label, const compat::PoolShape& shape, const Value& diffDst,
                 const Value& diffSrc, int indices) {
    const compat::PoolForward hint = compat::poolForward(plan.engine(), prop_kind::forward_training, shape);
    const compat::PoolBackward pd = compat::poolBackward(plan.engine(), shape, hint);
    std::vector<Argument> arguments = {{DNNL_ARG_DIFF_DST, diffDst}, {DNNL_ARG_DIFF_SRC, diffSrc}};
    if (indices != kNone) arguments.push_back({DNNL_ARG_WORKSPACE, plan.at(indices)});
    plan.addPrimitive(label, compat::PoolBackwardPrimitive(pd), pd.scratchpad_desc(), std::move(arguments));
}

}  // namespace

void planMaxPoolForward(Planner& plan, const Instruction& op) {
    const Value src = images(plan, op.src);
    if (planOwnMaxForward(plan, op, src)) return;
    const compat::PoolShape shape = describePool(op, algorithm::pooling_max, src.desc, plan.dims(op.dst));
    const prop_kind prop = op.indices != kNone ? prop_kind::forward_training : prop_kind::forward_inference;
    const compat::PoolForward pd = compat::poolForward(plan.engine(), prop, shape);
    addForward(plan, "maxPoolForward " + op.node, pd, src, plan.write(op.dst, shape.dst), op.indices);
}

void planMaxPoolBackward(Planner& plan, const Instruction& op) {
    plan.at(op.indices);
    const std::optional<Md> src = forwardSrc(plan);
    demand(src.has_value(), "the indices of a max pooling come from no max pooling");
    demand(compat::dimsOf(*src) == plan.dims(op.diffSrc), "the gradient of a max pooling has another shape");
    if (planOwnMaxBackward(plan, op, *src)) return;
    const compat::PoolShape shape = describePool(op, algorithm::pooling_max, *src, plan.dims(op.diffDst));
    const Value diffDst = plan.read(op.diffDst, shape.dst);
    addBackward(plan, "maxPoolBackward " + op.node, shape, diffDst, plan.write(op.diffSrc, shape.src), op.indices);
}

void planAveragePoolForward(Planner& plan, const Instruction& op) {
    const Value src = images(plan, op.src);
    const compat::PoolShape shape = describePool(op, averageOf(op), src.desc, plan.dims(op.dst));
    const compat::PoolForward pd = compat::poolForward(plan.engine(), prop_kind::forward_training, shape);
    addForward(plan, "averagePoolForward " + op.node, pd, src, plan.write(op.dst, shape.dst), kNone);
}

void planAveragePoolBackward(Planner& plan, const Instruction& op) {
    const Md src = likeForwardSrc(plan, op.diffSrc);
    const compat::PoolShape shape = describePool(op, averageOf(op), src, plan.dims(op.diffDst));
    const Value diffDst = plan.read(op.diffDst, shape.dst);
    addBackward(plan, "averagePoolBackward " + op.node, shape, diffDst, plan.write(op.diffSrc, src), kNone);
}

void planAdaptiveAveragePoolForward(Planner& plan, const Instruction& op) {
    const std::optional<Instruction> windows = sideBySide(plan, op, op.src, op.dst);
    const Value src = images(plan, op.src);
    if (!windows) return planOwnAdaptiveForward(plan, op, src);
    if (isOnePixel(plan.dims(op.dst)) && planOwnGlobalForward(plan, op, src)) return;
    planAveragePoolForward(plan, *windows);
}

void planAdaptiveAveragePoolBackward(Planner& plan, const Instruction& op) {
    const std::optional<Instruction> windows = sideBySide(plan, op, op.diffSrc, op.diffDst);
    const Md src = likeForwardSrc(plan, op.diffSrc);
    if (!windows) return planOwnAdaptiveBackward(plan, op, src);
    if (isOnePixel(plan.dims(op.diffDst)) && planOwnGlobalBackward(plan, op, src)) return;
    planAveragePoolBackward(plan, *windows);
}

void planGlobalAveragePoolForward(Planner& plan, const Instruction& op) {
    const Value src = images(plan, op.src);
    const compat::PoolShape shape = describeGlobal(src.desc);
    const Dims dims = plan.dims(op.dst);
    demand(dims == Dims{plan.dims(op.src)[0], plan.dims(op.src)[1]}, "global average pooling gives [N, C]");
    if (planOwnGlobalForward(plan, op, src)) return;
    const compat::PoolForward pd = compat::poolForward(plan.engine(), prop_kind::forward_training, shape);
    const Value pooled = plan.scratch(shape.dst);
    addForward(plan, "globalAveragePoolForward " + op.node, pd, src, pooled, kNone);
    plan.viewAs(op.dst, "globalAveragePoolForward " + op.node, pooled);
}

void planGlobalAveragePoolBackward(Planner& plan, const Instruction& op) {
    const Md src = likeForwardSrc(plan, op.diffSrc);
    const compat::PoolShape shape = describeGlobal(src);
    const Dims dims = compat::dimsOf(src);
    demand(plan.dims(op.diffDst) == Dims{dims[0], dims[1]}, "the gradient of a global average pooling is [N, C]");
    if (planOwnGlobalBackward(plan, op, src)) return;
    const Md asPixels = plainDesc({dims[0], dims[1], 1, 1}, compat::typeOf(src));
    const Value matrix = plan.readPlain(op.diffDst, compat::typeOf(src));
    const Value diffDst = plan.converted("globalAveragePoolBackward " + op.node, {asPixels, matrix.buffer}, shape.dst);
    addBackward(plan, "globalAveragePoolBackward " + op.node, shape, diffDst, plan.write(op.diffSrc, src), kNone);
}

}  // namespace normlab
