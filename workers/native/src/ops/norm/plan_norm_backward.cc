// Plans batch normalization backward (norm_backward.h). dx is never stored if only convolutions read it and can compute
// it on the fly.
#include "ops/norm/norm_backward.h"
#include "ops/shared/conv_forms.h"

namespace normlab {
namespace {

// dx, computed on the fly by its readers.
SampleSource differentiated(const NormBackward& norm, const Md& desc) {
    const int dy = norm.passedOn >= 0 ? norm.passedOn : norm.diffDst;
    const int64_t bytes = norm.grid.sampleStride * static_cast<int64_t>(sizeof(Bf16));
    const int64_t gradientBytes =
        norm.pooledStride > 0 ? norm.pooledSampleStride * static_cast<int64_t>(sizeof(Bf16)) : bytes;
    const auto make = [norm](const RunContext& run, int64_t first, int64_t last, void* to) {
        differentiateSamples(run, norm, first, last, static_cast<Bf16*>(to));
    };
    return {desc, -1, make, {{norm.src, bytes}, {dy, gradientBytes}}, {norm.src, dy, norm.lanes}};
}

void planGradients(Planner& plan, const Instruction& op, const Value& src, NormBackward& norm) {
    const std::optional<PooledNorm> pooled = plan.fusions().pooledInto(plan.current());
    const std::optional<RectifiedNorm> rectified = plan.fusions().rectifiedInto(plan.current());
    std::optional<Value> under;
    if (pooled) {
        readPooledGradient(plan, op, *pooled, norm);
    } else if (rectified && norm.reduced) {
        norm.passedOn = plan.handovers().startedSums(plan.current())->passedOn;
        norm.diffDst = norm.passedOn;
        under = Value{src.desc, norm.passedOn};
    } else if (rectified) {
        under = readRectifiedGradient(plan, op, *rectified, src.desc, norm);
    } else {
        under = plan.read(op.diffDst, src.desc);
        norm.diffDst = under->buffer;
    }
    if (op.diffSrc == kNone) return;
    const std::optional<ConvGradients> readers = plan.fusions().gradientsReading(plan.current());
    if (readers && walksSamples(plan, norm.grid) && makeGradientOnTheFly(plan, *readers, src.desc)) {
        plan.handovers().makeOnTheFly(op.diffSrc, differentiated(norm, src.desc));
        return;
    }
    const Value diffSrc = plan.write(op.diffSrc, src.desc);
    norm.diffSrc = diffSrc.buffer;
    if (under) plan.mayOverlay(diffSrc, *under);
}

}  // namespace

bool planOwnNormBackward(Planner& plan, const Instruction& op) {
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!grid) return false;
    const StartedSums* started = plan.handovers().startedSums(plan.current());
    NormBackward norm = describeNormBackward(plan, plan.current(), src, *grid, started == nullptr ? -1 : started->sums);
    planGradients(plan, op, src, norm);
    if (norm.pooledStride == 0) norm.grid = inRuns(norm.grid);
    const Md channel = plainDesc({grid->channels}, DataType::f32);
    if (op.diffGamma != kNone) norm.diffGamma = plan.write(op.diffGamma, channel).buffer;
    if (op.diffBeta != kNone) norm.diffBeta = plan.write(op.diffBeta, channel).buffer;
    const std::string shape = norm.pooledStride > 0 ? "+pool " : norm.passedOn >= 0 ? "+add " : " ";
    const std::string unstored = op.diffSrc != kNone && norm.diffSrc < 0 ? "+unstored" : "";
    plan.addKernel("batchNormBackward" + unstored + shape + op.node, norm.touched(),
                   normBackwardKernel(norm, compat::typeOf(src.desc) == DataType::bf16));
    return true;
}

bool leaveToNorm(Planner& plan) {
    const std::optional<RectifiedNorm> pattern = plan.fusions().rectifiedFrom(plan.current());
    if (!pattern || !normGridOf(plan.at(plan.instruction(pattern->backward).src).desc)) return false;
    plan.markDone(pattern->relu);
    return true;
}

}  // namespace normlab
