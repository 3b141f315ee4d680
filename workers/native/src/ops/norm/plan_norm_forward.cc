// Plans batch normalization forward (norm_forward.h). The output is never stored if only convolutions read it and can
// normalize on the fly. If the first reader is a convolution and there are others, the first one computes and stores
// it.
#include <algorithm>

#include "ops/norm/norm_forward.h"
#include "ops/shared/conv_forms.h"

namespace normlab {
namespace {

// The batch statistics: needed for normalization, or only reported.
void planStatistics(Planner& plan, const Instruction& op, NormForward& norm) {
    const Md channel = plainDesc({norm.grid.channels}, DataType::f32);
    if (!op.normalizeByBatch) {
        norm.vectors.mean = plan.at(op.mean).buffer;
        norm.vectors.variance = plan.at(op.variance).buffer;
        if (op.batchMean == kNone) return;
    }
    norm.statMean = plan.writeOrScratch(op.batchMean, channel).buffer;
    norm.statVariance = plan.writeOrScratch(op.batchVariance, channel).buffer;
    const int started = plan.handovers().startedStatistics(op.src);
    norm.taken = started >= 0;
    norm.sums = norm.taken ? started : plan.scratchBytes(static_cast<size_t>(norm.sumGrid.units()) * sizeof(NormSums));
    if (!op.normalizeByBatch) return;
    norm.vectors.mean = norm.statMean;
    norm.vectors.variance = norm.statVariance;
}

bool staysUnstored(const Planner& plan, const Instruction& op, const Md& src) {
    const std::vector<int> readers = plan.fusions().convolutionsReading(plan.current());
    return !readers.empty() && std::all_of(readers.begin(), readers.end(), [&](int reader) {
        return normalizesOnTheFly(plan, plan.instruction(reader), op.dst, src);
    });
}

// True where the first reader computes and stores the output: a convolution on tiles, which then finds it in its cache.
bool firstReaderStores(const Planner& plan, int writer, int tensor, const Md& desc) {
    const int first = compat::typeOf(desc) == DataType::bf16 ? plan.fusions().firstConvolution(tensor, writer) : -1;
    return first >= 0 && normalizesOnTheFly(plan, plan.instruction(first), tensor, desc);
}

// The output, computed on the fly by its readers; if `dst` is a buffer, the first reader stores it there.
SampleSource normalized(const NormForward& norm, const Md& desc, int dst) {
    const int64_t element = static_cast<int64_t>(sizeof(Bf16));
    const auto make = [norm](const RunContext& run, int64_t first, int64_t last, void* to) {
        normalizeSamples(run, norm, first, last, static_cast<Bf16*>(to));
    };
    SampleSource out{desc, dst, make, {{norm.src, norm.grid.sampleStride * element}}, {norm.src, norm.lanes}};
    if (norm.other >= 0) {
        out.reads.push_back({norm.other, norm.grid.sampleStride * element});
        out.touched.push_back(norm.other);
    }
    if (dst >= 0) out.touched.push_back(dst);
    return out;
}

// Plans the destination of output `tensor`, which the program's instruction at `writer` writes.
Value placeOutput(Planner& plan, int writer, int tensor, const Md& desc, NormForward& norm) {
    norm.later = walksSamples(plan, norm.grid) && firstReaderStores(plan, writer, tensor, desc);
    const Value dst = plan.write(tensor, desc);
    norm.dst = dst.buffer;
    if (norm.later) plan.handovers().makeOnTheFly(tensor, normalized(norm, desc, dst.buffer));
    return dst;
}

void planPooled(Planner& plan, const PooledNorm& pattern, const Md& src, NormForward& norm) {
    const Instruction& pool = plan.instruction(pattern.pool);
    const Md desc = likeDesc(src, plan.dims(pool.dst), compat::typeOf(src));
    const ChannelLayout layout = *channelLayoutOf(desc);
    norm.pooledSampleStride = layout.sampleStride;
    norm.pooledGroupStride = layout.block == 16 ? layout.blockStride : 16;
    norm.pooledStride = layout.pixelStride;
    plan.markDone(pattern.pool);
    placeOutput(plan, pattern.pool, pool.dst, desc, norm);
    if (pattern.backward >= 0) plan.markDone(pattern.poolBackward);
}

void planUnstored(Planner& plan, const Instruction& op, const Value& src, NormForward& norm) {
    norm.later = true;
    if (compat::typeOf(src.desc) == DataType::bf16) {
        plan.handovers().makeOnTheFly(op.dst, normalized(norm, src.desc, -1));
    } else {
        plan.handovers().leaveUnstored(op.dst, {src, norm.lanes, norm.activation});
    }
}

void planDestination(Planner& plan, const Instruction& op, const Value& src, NormForward& norm) {
    if (walksSamples(plan, norm.grid) && staysUnstored(plan, op, src.desc)) return planUnstored(plan, op, src, norm);
    if (const std::optional<PooledNorm> pooled = plan.fusions().pooledFrom(plan.current())) {
        planPooled(plan, *pooled, src.desc, norm);
        return;
    }
    const std::optional<AddedNorm> added = plan.fusions().addedTo(plan.current());
    if (added && plan.isWritten(added->other)) {
        norm.other = plan.read(added->other, src.desc).buffer;
        plan.markDone(added->sum);
        plan.markDone(added->relu);
        placeOutput(plan, added->relu, plan.instruction(added->relu).dst, src.desc, norm);
        return;
    }
    plan.mayOverlay(placeOutput(plan, plan.current(), op.dst, src.desc, norm), src);
}

}  // namespace

std::optional<SampleWork> statisticsEpilogue(Planner& plan, int tensor) {
    const Value src = plan.at(tensor);
    const std::optional<NormGrid> grid = plan.fusions().feedsStatistics(tensor) ? normGridOf(src.desc) : std::nullopt;
    if (!grid || !walksSamples(plan, *grid)) return std::nullopt;
    const int sums = plan.scratchBytes(static_cast<size_t>(grid->units()) * sizeof(NormSums));
    plan.handovers().startStatistics(tensor, sums);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    const auto run = [grid = *grid, bf16, src = src.buffer, sums](const RunContext& context, int64_t first,
                                                                  int64_t last) {
        sumSamples(context, grid, bf16, src, sums, first, last);
    };
    return SampleWork{run, {sums}, {}};
}

bool planOwnNormForward(Planner& plan, const Instruction& op) {
    const Value src = plan.at(op.src);
    const std::optional<NormGrid> grid = normGridOf(src.desc);
    if (!grid) return false;
    NormForward norm;
    norm.grid = norm.sumGrid = *grid;
    norm.src = src.buffer;
    norm.activation = normActivationOf(op);
    norm.vectors.epsilon = op.epsilon;
    if (op.gamma != kNone) norm.vectors.gamma = plan.at(op.gamma).buffer;
    if (op.beta != kNone) norm.vectors.beta = plan.at(op.beta).buffer;
    norm.lanes = plan.scratchBytes(static_cast<size_t>(norm.grid.groups) * sizeof(NormLanes));
    planStatistics(plan, op, norm);
    planDestination(plan, op, src, norm);
    if (!norm.later && norm.pooledStride == 0) norm.grid = inRuns(norm.grid);
    plan.handovers().keepLanes(plan.current(), norm.lanes);
    const std::string shape = norm.pooledStride > 0 ? "+pool " : norm.other >= 0 ? "+add " : " ";
    const std::string place = !norm.later ? "" : norm.dst < 0 ? "+unstored" : "+later";
    plan.addKernel("batchNormForward" + place + shape + op.node, norm.touched(),
                   normForwardKernel(norm, compat::typeOf(src.desc) == DataType::bf16));
    return true;
}

}  // namespace normlab
