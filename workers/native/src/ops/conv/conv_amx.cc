// Convolutions in bf16 on our AMX tiles (amx_conv.h), forward and data gradient. oneDNN's reach a third of the
// machine's speed with 16 to 64 channels, and their threads wait for each other at spinning barriers. Results are in
// blocks of sixteen channels where the channel count is divisible, else channels last. Each thread processes
// consecutive images, the same ones in every pass.
#include "ops/conv/conv_amx.h"
#include "ops/norm/norm_plan.h"

namespace normlab {

SampleSource ownSourceOf(Planner& plan, int tensor) {
    if (const std::optional<SampleSource> onTheFly = plan.handovers().takeOnTheFly(tensor)) return *onTheFly;
    const Value have = plan.at(tensor);
    const Value value = amxImageOf(have.desc) ? have : plan.read(tensor, ownImageDesc(plan.dims(tensor)));
    SampleSource out{value.desc, value.buffer, nullptr, {}, {value.buffer}};
    out.reads = {{value.buffer, sampleStrideOf(value.desc) * static_cast<int64_t>(sizeof(Bf16))}};
    return out;
}

int64_t samplesTogether(int64_t samples, int64_t group, int64_t bytes) {
    constexpr int64_t kWanted = 384 << 10;  // small compared with the second-level cache
    const int64_t groups = std::max<int64_t>(1, kWanted / std::max<int64_t>(1, group * bytes));
    return std::min(samples, groups * group);
}

std::vector<int> TilesPass::touched() const {
    std::vector<int> out = src.touched;
    for (const int buffer : {dst, packed, bias, memory})
        if (buffer >= 0) out.push_back(buffer);
    if (epilogue) out.insert(out.end(), epilogue->touched.begin(), epilogue->touched.end());
    return out;
}

namespace {

int planPacking(Planner& plan, const Instruction& op, const AmxConv& work, int weights) {
    const int packed = plan.weightBytes(static_cast<size_t>(work.packedBytes()));
    plan.addWeightKernel("pack " + plan.name(op.weights), {weights, packed}, [=](const RunContext& run) {
        const bool wide = work.packedBytes() > 32 << 10;
        (void)wide;
#pragma omp parallel for schedule(static) if (wide)
        for (int64_t tile = 0; tile < work.outTiles; ++tile)
            amxConvPack(work, run.at<float>(weights), tile, tile + 1, run.at<char>(packed));
    });
    return packed;
}

// A thread's share of the images, or of their rows if there are fewer images than threads.
void convolveShare(const RunContext& run, const TilesPass& pass) {
    const AmxConv& work = pass.work;
    const ThreadShare samples = shareOf(work.samples);
    char* memory = run.at<char>(pass.memory) + samples.thread * pass.threadBytes();
    if (work.samples < samples.threads) {
        const ThreadShare rows = shareOf(work.rows());
        return amxConvPart(work, run.at<Bf16>(pass.src.buffer), run.at<char>(pass.packed),
                           pass.bias < 0 ? nullptr : run.at<float>(pass.bias), run.at<Bf16>(pass.dst), rows.first,
                           rows.last, memory, {});
    }
    forChunks(samples, pass.together, false, [&](const SampleChunk& chunk, const SampleChunk& next) {
        PrefetchList prefetches;
        if (pass.epilogue) addPrefetches(prefetches, run, pass.epilogue->reads, chunk);
        addPrefetches(prefetches, run, pass.src.reads, next);
        convolveSamples(run, pass, chunk, samplesOf(pass.src, run, chunk, memory + work.threadBytes()), prefetches,
                        memory);
    });
}

bool planPass(Planner& plan, const Instruction& op, int from, int to, bool backward) {
    if (!ownTilesApply(plan) || op.groups != 1) return false;
    const SampleSource src = ownSourceOf(plan, from);
    std::optional<TilesPass> pass = planTiles(plan, op, src, to, backward);
    demand(pass || !src.make, "a convolution that was to make its source cannot");
    if (!pass) return false;
    const int threads = pass->work.rows() > 1 ? plan.threads() : 1;
    pass->memory = plan.scratchBytes(static_cast<size_t>(pass->threadBytes() * threads));
    plan.addKernel(nameOf(op.op) + std::string("+amx ") + op.node, pass->touched(),
                   [=, pass = *pass](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
                       convolveShare(run, pass);
                   });
    return true;
}

}  // namespace

std::optional<TilesPass> planTiles(Planner& plan, const Instruction& op, const SampleSource& src, int to,
                                   bool backward) {
    const Md desc = ownImageDesc(plan.dims(to));
    const std::optional<AmxConv> work = describeTiles(plan, op, src.desc, desc, backward);
    if (!work) return std::nullopt;
    TilesPass pass;
    pass.work = *work;
    pass.src = src;
    pass.packed = planPacking(plan, op, *work, plan.at(op.weights).buffer);
    pass.bias = work->withBias ? plan.at(op.bias).buffer : -1;
    pass.dst = plan.write(to, desc).buffer;
    const int64_t group = work->band == work->gridHeight ? work->group : 1;
    pass.together = samplesTogether(plan.batch(), group, (work->src.sampleStride + work->dst.sampleStride) * 2);
    if (plan.batch() >= plan.threads())
        pass.epilogue = backward ? reductionEpilogue(plan, to) : statisticsEpilogue(plan, to);
    return pass;
}

void convolveSamples(const RunContext& run, const TilesPass& pass, const SampleChunk& chunk, const Bf16* src,
                     const PrefetchList& prefetches, char* memory) {
    const AmxConv& work = pass.work;
    const float* bias = pass.bias < 0 ? nullptr : run.at<float>(pass.bias);
    Bf16* dst = run.at<Bf16>(pass.dst) + chunk.first * work.dst.sampleStride;
    amxConvPart(work, src, run.at<char>(pass.packed), bias, dst, 0, chunk.count() * work.gridHeight, memory,
                prefetches);
    if (pass.epilogue) pass.epilogue->run(run, chunk.first, chunk.last);
}

bool planOwnConvForward(Planner& plan, const Instruction& op) {
    return planPass(plan, op, op.src, op.dst, false);
}

bool planOwnConvBackwardData(Planner& plan, const Instruction& op) {
    const int weights = plan.handovers().deferredWeights(plan.current());
    if (weights >= 0) {
        planJoint(plan, plan.instruction(weights), &op);
        return true;
    }
    return planPass(plan, op, op.diffDst, op.diffSrc, true);
}

}  // namespace normlab
