// Sums of batch normalization backward that the writer of a gradient takes of what it has just written, and what both halves of the
// planning read.
#include <algorithm>

#include "ops/norm/norm_backward.h"
#include "ops/norm/norm_patterns.h"

namespace normlab {
namespace {

const Instruction& instructionAt(const Planner& plan, int index) {
    return plan.program().instructions[static_cast<size_t>(index)];
}

// The gradient of the pooling behind the normalization.
int pooledGradientOf(const Planner& plan, const Instruction& op) {
    for (const int user : plan.usersOf(op.diffDst))
        if (instructionAt(plan, user).op == "maxPoolBackward") return instructionAt(plan, user).diffDst;
    return kNone;
}

// Those that come together at the ReLU, one or two.
std::vector<int> gradientsOf(const Planner& plan, const RectifiedNorm& pattern) {
    if (pattern.sum >= 0) return instructionAt(plan, pattern.sum).srcs;
    return {instructionAt(plan, pattern.relu).diffDst};
}

// The normalization that will read a gradient which was just written, and how.
struct NextNorm {
    int backward = -1;  // -1: none
    int pooled = kNone;
    std::optional<RectifiedNorm> rectified;
};

NextNorm nextNorm(const Planner& plan, int gradient) {
    for (const auto& [backward, pooled] : plan.pooledNorms)
        if (pooledGradientOf(plan, instructionAt(plan, backward)) == gradient) return {backward, pooled, std::nullopt};
    const std::vector<int>& users = plan.usersOf(gradient);
    const auto reader = std::upper_bound(users.begin(), users.end(), plan.current());
    if (reader == users.end() || plan.isDone(static_cast<size_t>(*reader))) return {};
    const Instruction& op = instructionAt(plan, *reader);
    if (op.op == "batchNormBackward" && op.diffDst == gradient) return {*reader, kNone, std::nullopt};
    const std::optional<RectifiedNorm> pattern = findRectifiedNorm(plan, *reader);
    return pattern ? NextNorm{pattern->backward, kNone, pattern} : NextNorm{};
}

// All that its reduction reads stands there, in the layout of `src`.
bool standsReady(const Planner& plan, const NextNorm& next, int gradient, const Md& src) {
    if (next.pooled != kNone) return plan.at(gradient).desc == likeDesc(src, plan.dims(next.pooled), compat::typeOf(src));
    if (!next.rectified) return plan.at(gradient).desc == src;
    for (const int one : gradientsOf(plan, *next.rectified))
        if (!plan.isWritten(one) || plan.at(one).desc != src) return false;
    return plan.at(instructionAt(plan, next.rectified->relu).dst).desc == src;
}

}  // namespace

void readPooledGradient(Planner& plan, const Instruction& op, int pooled, NormBackward& norm) {
    const Md src = plan.at(op.src).desc;
    const Md desc = likeDesc(src, plan.dims(pooled), compat::typeOf(src));
    const ChannelLayout layout = *channelLayoutOf(desc);
    norm.diffDst = plan.read(pooledGradientOf(plan, op), desc).buffer;
    norm.pooledSampleStride = layout.sampleStride;
    norm.pooledGroupStride = layout.block == 16 ? layout.blockStride : 16;
    norm.pooledStride = layout.pixelStride;
}

Value readRectifiedGradient(Planner& plan, const Instruction& op, const RectifiedNorm& pattern, const Md& src, NormBackward& norm) {
    const Instruction& relu = instructionAt(plan, pattern.relu);
    const std::vector<int> gradients = gradientsOf(plan, pattern);
    norm.diffDst = plan.read(gradients[0], src).buffer;
    if (gradients.size() > 1) norm.diffDst2 = plan.read(gradients[1], src).buffer;
    norm.output = plan.read(relu.dst, src).buffer;
    const Value passedOn = plan.write(op.diffDst, src);
    norm.passedOn = passedOn.buffer;
    for (const int gradient : gradients) plan.mayOverlay(passedOn, plan.read(gradient, src));
    return passedOn;
}

NormBackward describeNormBackward(Planner& plan, const Instruction& op, const Value& src, const NormGrid& grid, int sums) {
    NormBackward norm;
    norm.grid = grid;
    norm.src = src.buffer;
    norm.relu = op.fusedRelu;
    norm.byBatch = op.normalizeByBatch;
    norm.vectors.epsilon = op.epsilon;
    norm.vectors.mean = plan.at(op.mean).buffer;
    norm.vectors.variance = plan.at(op.variance).buffer;
    if (op.gamma != kNone) norm.vectors.gamma = plan.at(op.gamma).buffer;
    if (op.beta != kNone) norm.vectors.beta = plan.at(op.beta).buffer;
    norm.sums = sums >= 0 ? sums : plan.scratchBytes(static_cast<size_t>(grid.units()) * sizeof(NormSums));
    norm.reduced = sums >= 0;
    const auto forward = plan.normLanes.find(norm.vectors.key());
    if (forward != plan.normLanes.end()) norm.forward = forward->second;
    norm.lanes = plan.scratchBytes(static_cast<size_t>(grid.groups) * sizeof(NormLanes));
    return norm;
}

std::optional<SampleWork> reductionBehind(Planner& plan, int gradient) {
    const NextNorm next = nextNorm(plan, gradient);
    if (next.backward < 0) return std::nullopt;
    const Instruction& op = instructionAt(plan, next.backward);
    const bool reduces = op.normalizeByBatch || op.diffGamma != kNone || op.diffBeta != kNone || next.rectified;
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!reduces || !grid || !walksSamples(plan, *grid) || !standsReady(plan, next, gradient, src.desc)) return std::nullopt;
    NormBackward norm = describeNormBackward(plan, op, src, *grid, -1);
    if (next.rectified) {
        readRectifiedGradient(plan, op, *next.rectified, src.desc, norm);
    } else if (next.pooled != kNone) {
        readPooledGradient(plan, op, next.pooled, norm);
    } else {
        norm.diffDst = plan.at(gradient).buffer;
    }
    plan.startedReductions[next.backward] = {norm.sums, norm.passedOn};
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    const auto run = [norm, bf16](const RunContext& context, int64_t first, int64_t last) {
        reduceSamples(context, norm, bf16, first, last);
    };
    const int64_t bytes = grid->sampleStride * (bf16 ? 2 : 4);
    std::vector<SampleRegion> reads = {{norm.src, bytes}};
    for (const int buffer : {norm.diffDst, norm.diffDst2, norm.output})
        if (next.rectified && buffer >= 0 && buffer != plan.at(gradient).buffer) reads.push_back({buffer, bytes});
    return SampleWork{run, norm.touched(), reads};
}

}  // namespace normlab
