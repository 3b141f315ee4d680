// Plans batch normalization backward (norm_backward.h). Where convolutions alone read dx and can make it as they read, it is never
// stored.
#include "ops/norm/norm_backward.h"
#include "ops/norm/norm_patterns.h"

namespace normlab {
namespace {

const Instruction& instructionAt(const Planner& plan, int index) {
    return plan.program().instructions[static_cast<size_t>(index)];
}

// dx as those make it who read it.
SampleSource differentiated(const NormBackward& norm, const Md& desc) {
    const int dy = norm.passedOn >= 0 ? norm.passedOn : norm.diffDst;
    const int64_t bytes = norm.grid.sampleStride * static_cast<int64_t>(sizeof(Bf16));
    const int64_t gradientBytes = norm.pooledStride > 0 ? norm.pooledSampleStride * static_cast<int64_t>(sizeof(Bf16)) : bytes;
    const auto make = [norm](const RunContext& run, int64_t first, int64_t last, void* to) {
        differentiateSamples(run, norm, first, last, static_cast<Bf16*>(to));
    };
    return {desc, -1, make, {{norm.src, bytes}, {dy, gradientBytes}}, {norm.src, dy, norm.lanes}};
}

void planGradients(Planner& plan, const Instruction& op, const Value& src, NormBackward& norm) {
    const auto pooled = plan.pooledNorms.find(plan.current());
    const auto rectified = plan.rectifiedNorms.find(plan.current());
    std::optional<Value> under;
    if (pooled != plan.pooledNorms.end()) {
        readPooledGradient(plan, op, pooled->second, norm);
    } else if (rectified != plan.rectifiedNorms.end() && norm.reduced) {
        norm.passedOn = plan.startedReductions.at(plan.current()).passedOn;
        norm.diffDst = norm.passedOn;
        under = Value{src.desc, norm.passedOn};
    } else if (rectified != plan.rectifiedNorms.end()) {
        under = readRectifiedGradient(plan, op, rectified->second, src.desc, norm);
    } else {
        under = plan.read(op.diffDst, src.desc);
        norm.diffDst = under->buffer;
    }
    if (op.diffSrc == kNone) return;
    if (walksSamples(plan, norm.grid) && !plan.isOutput(op.diffSrc) && gradientIsMadeAsRead(plan, op.diffSrc, src.desc)) {
        plan.made[op.diffSrc] = differentiated(norm, src.desc);
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
    const auto started = plan.startedReductions.find(plan.current());
    NormBackward norm = describeNormBackward(plan, op, src, *grid, started == plan.startedReductions.end() ? -1 : started->second.sums);
    planGradients(plan, op, src, norm);
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
    const std::optional<RectifiedNorm> pattern = findRectifiedNorm(plan, plan.current());
    if (!pattern || !normGridOf(plan.at(instructionAt(plan, pattern->backward).src).desc)) return false;
    plan.markDone(pattern->relu);
    plan.rectifiedNorms[pattern->backward] = *pattern;
    return true;
}

}  // namespace normlab
