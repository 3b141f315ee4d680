// Batch normalization backward by our own loops, with g = dy behind the ReLU, xc = x - mean, m values a channel:
//   diffBeta = sum g ; diffGamma = sum(g * xc) / sd ; dx = gamma/sd * (g - sum(g)/m - xc * sum(g * xc) / (sd^2 m))
// and without the two sums in dx where stored statistics normalized. Behind a MaxPool dy is the pooled gradient and the winners
// are found again from x; behind an Add and ReLU the gradient of the sum is written as it is summed.
#include <algorithm>
#include <cmath>

#include "norm_patterns.h"
#include "norm_plan.h"

namespace normlab {
namespace {

struct Backward {
    NormGrid grid;
    NormVectors vectors;
    int src = -1, diffDst = -1, diffSrc = -1;
    int diffDst2 = -1, output = -1, passedOn = -1;  // behind Add and ReLU: second gradient, the ReLU's output, g
    int diffGamma = -1, diffBeta = -1;
    int sums = -1, lanes = -1;
    int64_t pooledSampleStride = 0, pooledGroupStride = 0, pooledStride = 0;  // 0: not pooled
    bool relu = false, byBatch = false;
    bool reduced = false;  // by the writer of the gradient

    int64_t pooledAt(int64_t index) const {
        return index / grid.groups * pooledSampleStride + index % grid.groups * pooledGroupStride;
    }
};

template <typename T>
T* optionalAt(const RunContext& run, int buffer, int64_t offset) {
    return buffer < 0 ? nullptr : run.at<T>(buffer) + offset;
}

template <typename T>
void reduceUnit(const RunContext& run, const Backward& norm, int64_t i, const NormLanes& lanes) {
    const NormUnit unit = norm.grid.unitOf(i);
    NormSums& sums = run.at<NormSums>(norm.sums)[i];
    const int64_t at = norm.grid.at(i);
    const T* x = run.at<T>(norm.src) + at;
    const T* dy = run.at<T>(norm.diffDst) + (norm.pooledStride > 0 ? norm.pooledAt(i) : at);
    if (norm.pooledStride > 0) {
        normKernels<T>().reducePool(x, dy, unit, norm.pooledStride, lanes, sums);
    } else if (norm.passedOn >= 0) {
        normKernels<T>().reduceAdd(x, dy, optionalAt<const T>(run, norm.diffDst2, at), run.at<T>(norm.output) + at,
                                   run.at<T>(norm.passedOn) + at, unit, lanes, sums);
    } else {
        normKernels<T>().reduce(x, dy, unit, lanes, norm.relu, sums);
    }
}

template <typename T>
void reduce(const RunContext& run, const Backward& norm) {
    const NormGrid& grid = norm.grid;
    forUnits(grid.units(), grid.isWide(), false,
             [&](int64_t i) { reduceUnit<T>(run, norm, i, run.at<NormLanes>(norm.lanes)[i % grid.groups]); });
}

// The same for some samples, by a thread alone.
template <typename T>
void reduceSamples(const RunContext& run, const Backward& norm, int64_t first, int64_t last) {
    const int64_t groups = norm.grid.groups;
    for (int64_t group = 0; group < groups; ++group) {
        NormLanes lanes;
        fillLanes(run, norm.vectors, norm.grid, group, lanes);
        for (int64_t n = first; n < last; ++n) reduceUnit<T>(run, norm, n * groups + group, lanes);
    }
}

// Sums over the samples, in order; from them the parameters' gradients and the rest of the coefficients.
void mergeSums(const RunContext& run, const Backward& norm, int64_t group) {
    const NormSums* sums = run.at<NormSums>(norm.sums);
    NormLanes& lanes = run.at<NormLanes>(norm.lanes)[group];
    const float* variance = run.at<float>(norm.vectors.variance);
    double first[16] = {}, second[16] = {};
    for (int64_t n = 0; n < norm.grid.samples; ++n) {
        const NormSums& one = sums[n * norm.grid.groups + group];
        for (int i = 0; i < 16; ++i) {
            first[i] += one.first[i];
            second[i] += one.second[i];
        }
    }
    for (int64_t i = 0; i < 16 && group * 16 + i < norm.grid.channels; ++i) {
        const int64_t c = group * 16 + i;
        const double square = variance[c] + norm.vectors.epsilon;
        if (norm.diffBeta >= 0) run.at<float>(norm.diffBeta)[c] = static_cast<float>(first[i]);
        if (norm.diffGamma >= 0) run.at<float>(norm.diffGamma)[c] = static_cast<float>(second[i] / std::sqrt(square));
        if (!norm.byBatch) continue;
        lanes.meanDiff[i] = static_cast<float>(first[i] / norm.grid.count());
        lanes.slope[i] = static_cast<float>(second[i] / square / norm.grid.count());
    }
}

template <typename T>
void differentiate(const RunContext& run, const Backward& norm) {
    const NormGrid& grid = norm.grid;
    forUnits(grid.units(), grid.isWide(), true, [&](int64_t i) {
        const NormLanes& lanes = run.at<NormLanes>(norm.lanes)[i % grid.groups];
        const T* x = run.at<T>(norm.src) + grid.at(i);
        T* dx = run.at<T>(norm.diffSrc) + grid.at(i);
        if (norm.pooledStride > 0) {
            normKernels<T>().diffPool(x, run.at<T>(norm.diffDst) + norm.pooledAt(i), dx, grid.unitOf(i), norm.pooledStride, lanes);
        } else {
            const T* dy = run.at<T>(norm.passedOn >= 0 ? norm.passedOn : norm.diffDst) + grid.at(i);
            normKernels<T>().diff(x, dy, dx, grid.unitOf(i), lanes, norm.relu);
        }
    });
}

template <typename T>
Kernel backwardKernel(const Backward& norm) {
    return [norm](const RunContext& run) {
        for (int64_t group = 0; group < norm.grid.groups; ++group)
            fillLanes(run, norm.vectors, norm.grid, group, run.at<NormLanes>(norm.lanes)[group]);
        if (norm.byBatch || norm.passedOn >= 0 || norm.diffGamma >= 0 || norm.diffBeta >= 0) {
            if (!norm.reduced) reduce<T>(run, norm);
            forUnits(norm.grid.groups, norm.grid.isWide(), false, [&](int64_t group) { mergeSums(run, norm, group); });
        }
        if (norm.diffSrc >= 0) differentiate<T>(run, norm);
    };
}

const Instruction& instructionAt(const Planner& plan, int index) {
    return plan.program().instructions[static_cast<size_t>(index)];
}

// The gradient of the pooling behind the normalization.
int pooledGradientOf(const Planner& plan, const Instruction& op) {
    for (const int user : plan.usersOf(op.diffDst))
        if (instructionAt(plan, user).op == "maxPoolBackward") return instructionAt(plan, user).diffDst;
    return kNone;
}

void readPooled(Planner& plan, const Instruction& op, int pooled, Backward& norm) {
    const Md src = plan.at(op.src).desc;
    const Md desc = likeDesc(src, plan.dims(pooled), compat::typeOf(src));
    const ChannelLayout layout = *channelLayoutOf(desc);
    norm.diffDst = plan.read(pooledGradientOf(plan, op), desc).buffer;
    norm.pooledSampleStride = layout.sampleStride;
    norm.pooledGroupStride = layout.block == 16 ? layout.blockStride : 16;
    norm.pooledStride = layout.pixelStride;
}

// Those that come together at the ReLU, one or two.
std::vector<int> gradientsOf(const Planner& plan, const RectifiedNorm& pattern) {
    if (pattern.sum >= 0) return instructionAt(plan, pattern.sum).srcs;
    return {instructionAt(plan, pattern.relu).diffDst};
}

// Gives back the gradient that dx may be laid over.
Value readRectified(Planner& plan, const Instruction& op, const RectifiedNorm& pattern, const Md& src, Backward& norm) {
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

void planGradients(Planner& plan, const Instruction& op, const Value& src, Backward& norm) {
    const auto pooled = plan.pooledNorms.find(plan.current());
    const auto rectified = plan.rectifiedNorms.find(plan.current());
    std::optional<Value> under;
    if (pooled != plan.pooledNorms.end()) {
        readPooled(plan, op, pooled->second, norm);
    } else if (rectified != plan.rectifiedNorms.end() && norm.reduced) {
        norm.passedOn = plan.startedReductions.at(plan.current()).passedOn;
        norm.diffDst = norm.passedOn;
        under = Value{src.desc, norm.passedOn};
    } else if (rectified != plan.rectifiedNorms.end()) {
        under = readRectified(plan, op, rectified->second, src.desc, norm);
    } else {
        under = plan.read(op.diffDst, src.desc);
        norm.diffDst = under->buffer;
    }
    if (op.diffSrc == kNone) return;
    const Value diffSrc = plan.write(op.diffSrc, src.desc);
    norm.diffSrc = diffSrc.buffer;
    if (under) plan.mayOverlay(diffSrc, *under);
}

Backward describe(Planner& plan, const Instruction& op, const Value& src, const NormGrid& grid, int sums) {
    Backward norm;
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
    norm.lanes = plan.scratchBytes(static_cast<size_t>(grid.groups) * sizeof(NormLanes));
    return norm;
}

std::vector<int> touchedBy(const Backward& norm) {
    std::vector<int> out;
    for (const int buffer : {norm.src, norm.diffDst, norm.diffSrc, norm.diffDst2, norm.output, norm.passedOn, norm.sums,
                             norm.lanes, norm.diffGamma, norm.diffBeta, norm.vectors.mean, norm.vectors.variance,
                             norm.vectors.gamma, norm.vectors.beta})
        if (buffer >= 0) out.push_back(buffer);
    return out;
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

bool planOwnNormBackward(Planner& plan, const Instruction& op) {
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!grid) return false;
    const auto started = plan.startedReductions.find(plan.current());
    Backward norm = describe(plan, op, src, *grid, started == plan.startedReductions.end() ? -1 : started->second.sums);
    planGradients(plan, op, src, norm);
    const Md channel = plainDesc({grid->channels}, DataType::f32);
    if (op.diffGamma != kNone) norm.diffGamma = plan.write(op.diffGamma, channel).buffer;
    if (op.diffBeta != kNone) norm.diffBeta = plan.write(op.diffBeta, channel).buffer;
    const std::string shape = norm.pooledStride > 0 ? "+pool " : norm.passedOn >= 0 ? "+add " : " ";
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.addKernel("batchNormBackward" + shape + op.node, touchedBy(norm),
                   bf16 ? backwardKernel<Bf16>(norm) : backwardKernel<float>(norm));
    return true;
}

std::optional<SampleWork> reductionBehind(Planner& plan, int gradient) {
    const NextNorm next = nextNorm(plan, gradient);
    if (next.backward < 0) return std::nullopt;
    const Instruction& op = instructionAt(plan, next.backward);
    const bool reduces = op.normalizeByBatch || op.diffGamma != kNone || op.diffBeta != kNone || next.rectified;
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!reduces || !grid || grid->samples != plan.batch() || !standsReady(plan, next, gradient, src.desc)) return std::nullopt;
    Backward norm = describe(plan, op, src, *grid, -1);
    if (next.rectified) {
        readRectified(plan, op, *next.rectified, src.desc, norm);
    } else if (next.pooled != kNone) {
        readPooled(plan, op, next.pooled, norm);
    } else {
        norm.diffDst = plan.at(gradient).buffer;
    }
    plan.startedReductions[next.backward] = {norm.sums, norm.passedOn};
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    const auto run = [norm, bf16](const RunContext& context, int64_t first, int64_t last) {
        bf16 ? reduceSamples<Bf16>(context, norm, first, last) : reduceSamples<float>(context, norm, first, last);
    };
    return SampleWork{run, touchedBy(norm)};
}

bool leaveToNorm(Planner& plan) {
    const std::optional<RectifiedNorm> pattern = findRectifiedNorm(plan, plan.current());
    if (!pattern || !normGridOf(plan.at(instructionAt(plan, pattern->backward).src).desc)) return false;
    plan.markDone(pattern->relu);
    plan.rectifiedNorms[pattern->backward] = *pattern;
    return true;
}

}  // namespace normlab
