// The sums of batch normalization backward as the epilogue of the gradient's writer, and the inputs that both ways of
// planning them read.
#include "ops/norm/norm_backward.h"

namespace normlab {
namespace {

// The gradients that are added before the ReLU, one or two.
std::vector<int> gradientsOf(const Planner& plan, const RectifiedNorm& pattern) {
    if (pattern.sum >= 0) return plan.instruction(pattern.sum).srcs;
    return {plan.instruction(pattern.relu).diffDst};
}

// Layout of the pooled gradient of `pattern`; `src` is the layout of its full-size tensors.
Md pooledDesc(const Planner& plan, const PooledNorm& pattern, const Md& src) {
    return likeDesc(src, plan.dims(plan.instruction(pattern.pool).dst), compat::typeOf(src));
}

// The normalization that will read a gradient that was just written; no value where there is none.
std::optional<GradientSums> nextNorm(const Planner& plan, int gradient) {
    for (const GradientSums& next : plan.fusions().sumsOver(gradient, plan.current())) {
        const bool applies = next.pooled ? normGridOf(plan.at(plan.instruction(next.backward).src).desc).has_value()
                                         : !plan.isDone(next.reader);
        if (applies) return next;
    }
    return std::nullopt;
}

// True if all inputs of its reduction are written, in the layout of `src`.
bool standsReady(const Planner& plan, const GradientSums& next, int gradient, const Md& src) {
    if (next.pooled) return plan.at(gradient).desc == pooledDesc(plan, *next.pooled, src);
    if (!next.rectified) return plan.at(gradient).desc == src;
    for (const int one : gradientsOf(plan, *next.rectified))
        if (!plan.isWritten(one) || plan.at(one).desc != src) return false;
    return plan.at(plan.instruction(next.rectified->relu).dst).desc == src;
}

}  // namespace

void readPooledGradient(Planner& plan, const Instruction& op, const PooledNorm& pattern, NormBackward& norm) {
    const Md desc = pooledDesc(plan, pattern, plan.at(op.src).desc);
    const ChannelLayout layout = *channelLayoutOf(desc);
    norm.diffDst = plan.read(plan.instruction(pattern.poolBackward).diffDst, desc).buffer;
    norm.pooledSampleStride = layout.sampleStride;
    norm.pooledGroupStride = layout.block == 16 ? layout.blockStride : 16;
    norm.pooledStride = layout.pixelStride;
}

Value readRectifiedGradient(Planner& plan, const Instruction& op, const RectifiedNorm& pattern, const Md& src,
                            NormBackward& norm) {
    const Instruction& relu = plan.instruction(pattern.relu);
    const std::vector<int> gradients = gradientsOf(plan, pattern);
    norm.diffDst = plan.read(gradients[0], src).buffer;
    if (gradients.size() > 1) norm.diffDst2 = plan.read(gradients[1], src).buffer;
    norm.output = plan.read(relu.dst, src).buffer;
    const Value passedOn = plan.write(op.diffDst, src);
    norm.passedOn = passedOn.buffer;
    for (const int gradient : gradients) plan.mayOverlay(passedOn, plan.read(gradient, src));
    return passedOn;
}

NormBackward describeNormBackward(Planner& plan, int index, const Value& src, const NormGrid& grid, int sums) {
    const Instruction& op = plan.instruction(index);
    NormBackward norm;
    norm.grid = norm.sumGrid = grid;
    norm.src = src.buffer;
    norm.activation = normActivationOf(op);
    norm.byBatch = op.normalizeByBatch;
    norm.vectors.epsilon = op.epsilon;
    norm.vectors.mean = plan.at(op.mean).buffer;
    norm.vectors.variance = plan.at(op.variance).buffer;
    if (op.gamma != kNone) norm.vectors.gamma = plan.at(op.gamma).buffer;
    if (op.beta != kNone) norm.vectors.beta = plan.at(op.beta).buffer;
    norm.sums = sums >= 0 ? sums : plan.scratchBytes(static_cast<size_t>(norm.sumGrid.units()) * sizeof(NormSums));
    norm.reduced = sums >= 0;
    norm.forward = plan.handovers().lanesOf(plan.fusions().forwardOf(index));
    norm.lanes = plan.scratchBytes(static_cast<size_t>(grid.groups) * sizeof(NormLanes));
    return norm;
}

std::optional<SampleWork> reductionEpilogue(Planner& plan, int gradient) {
    const std::optional<GradientSums> next = nextNorm(plan, gradient);
    if (!next) return std::nullopt;
    const Instruction& op = plan.instruction(next->backward);
    const bool reduces = op.normalizeByBatch || op.diffGamma != kNone || op.diffBeta != kNone || next->rectified;
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!reduces || !grid || !walksSamples(plan, *grid) || !standsReady(plan, *next, gradient, src.desc))
        return std::nullopt;
    NormBackward norm = describeNormBackward(plan, next->backward, src, *grid, -1);
    if (next->rectified) {
        readRectifiedGradient(plan, op, *next->rectified, src.desc, norm);
    } else if (next->pooled) {
        readPooledGradient(plan, op, *next->pooled, norm);
    } else {
        norm.diffDst = plan.at(gradient).buffer;
    }
    plan.handovers().startSums(next->backward, {norm.sums, norm.passedOn});
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    const auto run = [norm, bf16](const RunContext& context, int64_t first, int64_t last) {
        reduceSamples(context, norm, bf16, first, last);
    };
    const int64_t bytes = grid->sampleStride * (bf16 ? 2 : 4);
    std::vector<SampleRegion> reads = {{norm.src, bytes}};
    for (const int buffer : {norm.diffDst, norm.diffDst2, norm.output})
        if (next->rectified && buffer >= 0 && buffer != plan.at(gradient).buffer) reads.push_back({buffer, bytes});
    return SampleWork{run, norm.touched(), reads};
}

}  // namespace normlab
