// Ops that move or add whole tensors. Reshape is free where the source is already canonical.
#include <cstring>

#include "ops/norm/norm_plan.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

constexpr int kChannelAxis = 1;

void checkConcat(const Planner& plan, const std::vector<int>& parts, const Dims& whole) {
    int64_t channels = 0;
    for (const int part : parts) {
        Dims dims = plan.dims(part);
        demand(dims.size() == whole.size(), "the parts of a concatenation differ in rank");
        channels += dims[kChannelAxis];
        dims[kChannelAxis] = whole[kChannelAxis];
        demand(dims == whole, "the parts of a concatenation differ in more than their channels");
    }
    demand(channels == whole[kChannelAxis], "the channels of a concatenation do not add up");
}

// A source in a layout that can be split at any channel: blocked channels only if every split falls between two blocks.
Value cuttable(Planner& plan, int tensor, const std::vector<int64_t>& sizes) {
    const Value have = plan.at(tensor);
    const std::optional<ChannelLayout> layout = channelLayoutOf(have.desc);
    bool fits = layout.has_value();
    for (const int64_t size : sizes) fits = fits && size % layout->block == 0;
    return fits ? have : plan.readPlain(tensor, compat::typeOf(have.desc));
}

// True if the first term, which the sum may overwrite, is not among the later ones.
bool isAlone(const std::vector<Argument>& terms) {
    for (size_t i = 1; i < terms.size(); ++i)
        if (terms[i].value.buffer == terms[0].value.buffer) return false;
    return terms.size() > 1;
}

}  // namespace

void planReshape(Planner& plan, const Instruction& op) {
    plan.viewAs(op.dst, "reshape " + op.node, plan.at(op.src));
}

void planSum(Planner& plan, const Instruction& op) {
    demand(!op.srcs.empty(), "a sum needs at least one source");
    for (const int src : op.srcs)
        demand(src != kNone && plan.dims(src) == plan.dims(op.dst), "the terms of a sum differ in shape");
    if (leaveToNorm(plan)) return;
    const Md desc = plan.at(op.srcs[0]).desc;
    std::vector<Argument> arguments;
    for (size_t i = 0; i < op.srcs.size(); ++i)
        arguments.push_back({DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), plan.read(op.srcs[i], desc)});
    const dnnl::sum::primitive_desc pd = compat::sum(plan.engine(), desc, std::vector<float>(op.srcs.size(), 1.0F),
                                                     std::vector<Md>(op.srcs.size(), desc));
    const Value dst = plan.write(op.dst, desc);
    if (isAlone(arguments)) plan.mayOverlay(dst, arguments[0].value);
    arguments.push_back({DNNL_ARG_DST, dst});
    plan.addPrimitive("sum " + op.node, dnnl::sum(pd), pd.scratchpad_desc(), std::move(arguments));
}

void planConcatForward(Planner& plan, const Instruction& op) {
    demand(!op.srcs.empty(), "a concatenation needs at least one source");
    for (const int src : op.srcs) demand(src != kNone, "a concatenation lacks a source");
    checkConcat(plan, op.srcs, plan.dims(op.dst));
    const DataType type = compat::typeOf(plan.at(op.srcs[0]).desc);
    std::vector<Argument> arguments;
    std::vector<Md> descs;
    for (size_t i = 0; i < op.srcs.size(); ++i) {
        const Md have = plan.at(op.srcs[i]).desc;
        const Value src = plan.read(op.srcs[i], likeDesc(have, plan.dims(op.srcs[i]), type));
        arguments.push_back({DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), src});
        descs.push_back(src.desc);
    }
    const dnnl::concat::primitive_desc pd = compat::concat(plan.engine(), kChannelAxis, descs);
    arguments.push_back({DNNL_ARG_DST, plan.write(op.dst, pd.dst_desc())});
    plan.addPrimitive("concatForward " + op.node, dnnl::concat(pd), pd.scratchpad_desc(), std::move(arguments));
}

void planConcatBackward(Planner& plan, const Instruction& op) {
    const Dims whole = plan.dims(op.diffDst);
    demand(op.sizes.size() == op.diffSrcs.size(), "a concatenation's gradient needs one size a source");
    const Value diffDst = cuttable(plan, op.diffDst, op.sizes);
    Dims offset(whole.size(), 0);
    for (size_t i = 0; i < op.sizes.size(); ++i) {
        Dims part = whole;
        part[kChannelAxis] = op.sizes[i];
        demand(op.sizes[i] >= 1 && offset[kChannelAxis] + op.sizes[i] <= whole[kChannelAxis],
               "the sizes of a concatenation do not add up");
        if (op.diffSrcs[i] != kNone) {
            demand(plan.dims(op.diffSrcs[i]) == part, "the gradient of a concatenation has another shape");
            const Value cut = {diffDst.desc.submemory_desc(part, offset), diffDst.buffer};
            const Value diffSrc =
                plan.write(op.diffSrcs[i], likeDesc(diffDst.desc, part, compat::typeOf(diffDst.desc)));
            const dnnl::reorder::primitive_desc pd(plan.engine(), cut.desc, plan.engine(), diffSrc.desc,
                                                   compat::userScratchpad());
            plan.addPrimitive("concatBackward " + op.node, dnnl::reorder(pd), pd.scratchpad_desc(),
                              {{DNNL_ARG_FROM, cut}, {DNNL_ARG_TO, diffSrc}});
        }
        offset[kChannelAxis] += op.sizes[i];
    }
}

void planZero(Planner& plan, const Instruction& op) {
    const bool lent = plan.spec(op.dst).kind == TensorKind::parameterGradient;
    const Value dst = plan.write(op.dst, plainDesc(plan.dims(op.dst), lent ? DataType::f32 : plan.computeType()));
    const size_t bytes = dst.desc.get_size();
    const int buffer = dst.buffer;
    plan.addKernel("zero " + op.node, {buffer},
                   [=](const RunContext& run) { std::memset(run.at<char>(buffer), 0, bytes); });
}

}  // namespace normlab
