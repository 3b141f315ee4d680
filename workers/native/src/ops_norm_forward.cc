// Batch normalization forward by our own loops: statistics in one pass (exact in double above a run of 128 pixels, one partial
// result a sample, so that neither the number of threads nor their order matters), then y = act((x - mean) * scale + shift),
// with the Add and ReLU or the ReLU and MaxPool behind it in the same pass. Where convolutions alone read the output and can normalize
// as they read, it is never stored: they are given the coefficients. The backward half finds the ReLU's cut again from x.
#include <algorithm>
#include <cmath>

#include "norm_patterns.h"
#include "norm_plan.h"

namespace normlab {

std::optional<NormGrid> normGridOf(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    if (!NORMLAB_OWN_NORM || !layout) return std::nullopt;
    const Dims dims = compat::dimsOf(desc);
    const bool blocked = layout->block == 16;
    const bool row = layout->block == 1 && (layout->blockStride == 1 || layout->channels == 1);
    if (!blocked && !row) return std::nullopt;
    NormGrid out;
    out.channels = layout->channels;
    out.groups = (layout->channels + 15) / 16;
    out.groupStride = blocked ? layout->blockStride : 16;
    out.isBlocked = blocked;
    if (layout->pixels == 1) {
        out.samples = 1;
        out.unit.pixels = layout->samples;
        out.unit.stride = layout->sampleStride;
        return out;
    }
    if (row && layout->pixelStride < layout->channels) return std::nullopt;
    out.samples = layout->samples;
    out.sampleStride = layout->sampleStride;
    out.unit.pixels = layout->pixels;
    out.unit.stride = layout->pixelStride;
    out.unit.height = dims[2];
    out.unit.width = dims[3];
    return out;
}

void fillLanes(const RunContext& run, const NormVectors& vectors, const NormGrid& grid, int64_t group, NormLanes& out) {
    const float* gamma = vectors.gamma < 0 ? nullptr : run.at<float>(vectors.gamma);
    const float* beta = vectors.beta < 0 ? nullptr : run.at<float>(vectors.beta);
    const float* mean = run.at<float>(vectors.mean);
    const float* variance = run.at<float>(vectors.variance);
    out = NormLanes{};
    for (int64_t i = 0; i < 16 && group * 16 + i < grid.channels; ++i) {
        const int64_t c = group * 16 + i;
        const double scale = (gamma == nullptr ? 1.0 : gamma[c]) / std::sqrt(variance[c] + vectors.epsilon);
        out.mean[i] = mean[c];
        out.scale[i] = static_cast<float>(scale);
        out.shift[i] = beta == nullptr ? 0 : beta[c];
    }
}

namespace {

struct Forward {
    NormGrid grid;
    NormVectors vectors;
    int src = -1, dst = -1, other = -1;              // other: the term to add, or -1
    int statMean = -1, statVariance = -1, sums = -1;  // where the batch's statistics go, or -1
    int lanes = -1;                                   // where coefficients go in place of an output, or -1
    int64_t pooledSampleStride = 0, pooledGroupStride = 0, pooledStride = 0;  // 0: not pooled
    bool relu = false;
    bool taken = false;  // the sums, by the writer of src
};

// Mean and biased variance of the batch from those of the samples, all of which have the same number of pixels.
void mergeStatistics(const RunContext& run, const Forward& norm, int64_t group) {
    const NormSums* sums = run.at<NormSums>(norm.sums);
    const int64_t samples = norm.grid.samples;
    const double pixels = static_cast<double>(norm.grid.unit.pixels), count = norm.grid.count();
    double mean[16] = {}, square[16] = {};
    for (int64_t n = 0; n < samples; ++n)
        for (int i = 0; i < 16; ++i) mean[i] += sums[n * norm.grid.groups + group].first[i];
    for (double& value : mean) value /= static_cast<double>(samples);
    for (int64_t n = 0; n < samples; ++n) {
        const NormSums& one = sums[n * norm.grid.groups + group];
        for (int i = 0; i < 16; ++i) {
            const double apart = one.first[i] - mean[i];
            square[i] += one.second[i] + pixels * apart * apart;
        }
    }
    for (int64_t i = 0; i < 16 && group * 16 + i < norm.grid.channels; ++i) {
        run.at<float>(norm.statMean)[group * 16 + i] = static_cast<float>(mean[i]);
        run.at<float>(norm.statVariance)[group * 16 + i] = static_cast<float>(square[i] / count);
    }
}

template <typename T>
void sumUnit(const RunContext& run, const NormGrid& grid, int src, int sums, int64_t i) {
    normKernels<T>().statistics(run.at<T>(src) + grid.at(i), grid.unitOf(i), run.at<NormSums>(sums)[i]);
}

template <typename T>
void takeStatistics(const RunContext& run, const Forward& norm) {
    const NormGrid& grid = norm.grid;
    if (!norm.taken)
        forUnits(grid.units(), grid.isWide(), false,
                 [&](int64_t i) { sumUnit<T>(run, grid, norm.src, norm.sums, i); });
    forUnits(grid.groups, grid.isWide(), false, [&](int64_t group) { mergeStatistics(run, norm, group); });
}

template <typename T>
void apply(const RunContext& run, const Forward& norm) {
    const NormGrid& grid = norm.grid;
    forUnits(grid.units(), grid.isWide(), true, [&](int64_t i) {
        NormLanes lanes;
        fillLanes(run, norm.vectors, grid, i % grid.groups, lanes);
        const T* src = run.at<T>(norm.src) + grid.at(i);
        T* dst = run.at<T>(norm.dst);
        if (norm.pooledStride > 0) {
            dst += i / grid.groups * norm.pooledSampleStride + i % grid.groups * norm.pooledGroupStride;
            normKernels<T>().applyPool(src, dst, grid.unitOf(i), norm.pooledStride, lanes);
        } else if (norm.other >= 0) {
            normKernels<T>().applyAdd(src, run.at<T>(norm.other) + grid.at(i), dst + grid.at(i), grid.unitOf(i), lanes);
        } else {
            normKernels<T>().apply(src, dst + grid.at(i), grid.unitOf(i), lanes, norm.relu);
        }
    });
}

template <typename T>
Kernel forwardKernel(const Forward& norm) {
    return [norm](const RunContext& run) {
        if (norm.sums >= 0) takeStatistics<T>(run, norm);
        if (norm.lanes < 0) return apply<T>(run, norm);
        for (int64_t group = 0; group < norm.grid.groups; ++group)
            fillLanes(run, norm.vectors, norm.grid, group, run.at<NormLanes>(norm.lanes)[group]);
    };
}

// The batch's statistics: wanted to normalize by, or only to be reported.
void planStatistics(Planner& plan, const Instruction& op, Forward& norm) {
    const Md channel = plainDesc({norm.grid.channels}, DataType::f32);
    if (!op.normalizeByBatch) {
        norm.vectors.mean = plan.at(op.mean).buffer;
        norm.vectors.variance = plan.at(op.variance).buffer;
        if (op.batchMean == kNone) return;
    }
    norm.statMean = plan.writeOrScratch(op.batchMean, channel).buffer;
    norm.statVariance = plan.writeOrScratch(op.batchVariance, channel).buffer;
    const auto started = plan.startedStatistics.find(op.src);
    norm.taken = started != plan.startedStatistics.end();
    norm.sums = norm.taken ? started->second : plan.scratchBytes(static_cast<size_t>(norm.grid.units()) * sizeof(NormSums));
    if (!op.normalizeByBatch) return;
    norm.vectors.mean = norm.statMean;
    norm.vectors.variance = norm.statVariance;
}

void planPooled(Planner& plan, const PooledNorm& pattern, const Md& src, Forward& norm) {
    const Instruction& pool = plan.program().instructions[static_cast<size_t>(pattern.pool)];
    const Md desc = likeDesc(src, plan.dims(pool.dst), compat::typeOf(src));
    const ChannelLayout layout = *channelLayoutOf(desc);
    norm.dst = plan.write(pool.dst, desc).buffer;
    norm.pooledSampleStride = layout.sampleStride;
    norm.pooledGroupStride = layout.block == 16 ? layout.blockStride : 16;
    norm.pooledStride = layout.pixelStride;
    plan.markDone(pattern.pool);
    if (pattern.backward < 0) return;
    plan.markDone(pattern.poolBackward);
    plan.pooledNorms[pattern.backward] = pool.dst;
}

bool staysUnstored(const Planner& plan, const Instruction& op, const Md& src) {
    if (plan.isOutput(op.dst)) return false;
    int readers = 0;
    for (const int user : plan.usersOf(op.dst)) {
        if (user == plan.current()) continue;
        if (!normalizesAsItReads(plan, plan.program().instructions[static_cast<size_t>(user)], op.dst, src)) return false;
        ++readers;
    }
    return readers > 0;
}

void planDestination(Planner& plan, const Instruction& op, const Value& src, Forward& norm) {
    if (staysUnstored(plan, op, src.desc)) {
        norm.lanes = plan.scratchBytes(static_cast<size_t>(norm.grid.groups) * sizeof(NormLanes));
        plan.unstoredNorms[op.dst] = {src, norm.lanes, op.fusedRelu};
        return;
    }
    if (const std::optional<PooledNorm> pooled = findPooledNorm(plan, plan.current())) {
        planPooled(plan, *pooled, src.desc, norm);
        return;
    }
    if (const std::optional<AddedNorm> added = findAddedNorm(plan, plan.current())) {
        norm.other = plan.read(added->other, src.desc).buffer;
        norm.dst = plan.write(plan.program().instructions[static_cast<size_t>(added->relu)].dst, src.desc).buffer;
        plan.markDone(added->sum);
        plan.markDone(added->relu);
        return;
    }
    const Value dst = plan.write(op.dst, src.desc);
    norm.dst = dst.buffer;
    plan.mayOverlay(dst, src);
}

bool takesStatistics(const Instruction& op, int tensor) {
    return op.op == "batchNormForward" && op.src == tensor && (op.normalizeByBatch || op.batchMean != kNone);
}

template <typename T>
SampleWork statisticsOf(const NormGrid& grid, int src, int sums) {
    const auto run = [=](const RunContext& context, int64_t first, int64_t last) {
        for (int64_t i = first * grid.groups; i < last * grid.groups; ++i) sumUnit<T>(context, grid, src, sums, i);
    };
    return {run, {sums}, {}};
}

}  // namespace

std::optional<SampleWork> statisticsBehind(Planner& plan, int tensor) {
    const std::vector<int>& users = plan.usersOf(tensor);
    const bool wanted = std::any_of(users.begin(), users.end(), [&](int user) {
        return takesStatistics(plan.program().instructions[static_cast<size_t>(user)], tensor);
    });
    const Value src = plan.at(tensor);
    const std::optional<NormGrid> grid = wanted ? normGridOf(src.desc) : std::nullopt;
    if (!grid || grid->samples != plan.batch()) return std::nullopt;
    const int sums = plan.scratchBytes(static_cast<size_t>(grid->units()) * sizeof(NormSums));
    plan.startedStatistics[tensor] = sums;
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    return bf16 ? statisticsOf<Bf16>(*grid, src.buffer, sums) : statisticsOf<float>(*grid, src.buffer, sums);
}

bool planOwnNormForward(Planner& plan, const Instruction& op) {
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!grid) return false;
    Forward norm;
    norm.grid = *grid;
    norm.src = src.buffer;
    norm.relu = op.fusedRelu;
    norm.vectors.epsilon = op.epsilon;
    if (op.gamma != kNone) norm.vectors.gamma = plan.at(op.gamma).buffer;
    if (op.beta != kNone) norm.vectors.beta = plan.at(op.beta).buffer;
    planStatistics(plan, op, norm);
    planDestination(plan, op, src, norm);
    std::vector<int> touched = {norm.src, norm.vectors.mean, norm.vectors.variance};
    for (const int buffer : {norm.dst, norm.lanes, norm.other, norm.statMean, norm.statVariance, norm.sums, norm.vectors.gamma, norm.vectors.beta})
        if (buffer >= 0) touched.push_back(buffer);
    const std::string shape = norm.pooledStride > 0 ? "+pool " : norm.other >= 0 ? "+add " : norm.lanes >= 0 ? "+unstored " : " ";
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.addKernel("batchNormForward" + shape + op.node, touched, bf16 ? forwardKernel<Bf16>(norm) : forwardKernel<float>(norm));
    return true;
}

}  // namespace normlab
