// Convolutions in bf16 by our own AMX tiles (amx_conv.h), forward and data gradient: oneDNN's reach a third of the machine's speed
// with 16 to 64 channels, and their threads wait for each other at spinning barriers. Results stand in blocks of sixteen channels
// where the channels divide, else channels last. Each thread takes pictures that follow each other, the same ones in every pass.
#include <cstring>

#include "amx_conv.h"
#include "amx_level.h"
#include "conv_own.h"
#include "thread_share.h"

namespace normlab {

bool ownTilesApply(const Planner& plan) {
    return plan.computeType() == DataType::bf16 && hasAmx() && std::strcmp(compat::isaName(), "avx512_core_amx") == 0;
}

std::optional<AmxPicture> amxPictureOf(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    const Dims dims = compat::dimsOf(desc);
    if (!layout || dims.size() != 4 || compat::typeOf(desc) != DataType::bf16) return std::nullopt;
    const bool blocked = layout->block == 16, last = layout->block == 1 && (layout->blockStride == 1 || dims[1] == 1);
    if (!blocked && !last) return std::nullopt;
    return AmxPicture{dims[2],
                      dims[3],
                      dims[1],
                      layout->sampleStride,
                      blocked ? layout->blockStride : 16,
                      layout->pixelStride};
}

Md ownPictureDesc(const Dims& dims) {
    using Tag = dnnl::memory::format_tag;
    return Md(dims, DataType::bf16, dims[1] % 16 == 0 ? Tag::nChw16c : Tag::nhwc);
}

namespace {

std::optional<AmxConv> describe(const Instruction& op, const AmxPicture& src, const AmxPicture& dst, int64_t samples, bool backward) {
    AmxConv work;
    work.src = src;
    work.dst = dst;
    work.samples = samples;
    takeWindow(op, work);
    work.backward = backward;
    work.withBias = !backward && op.bias != kNone;
    return planAmxConv(work) ? std::optional<AmxConv>(std::move(work)) : std::nullopt;
}

// The source as it stands, or reordered where our loops do not walk its layout.
Value sourceFor(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return amxPictureOf(have.desc) ? have : plan.read(tensor, ownPictureDesc(plan.dims(tensor)));
}

int planPacking(Planner& plan, const Instruction& op, const AmxConv& work, int weights) {
    const int packed = plan.scratchBytes(static_cast<size_t>(work.packedBytes()));
    plan.addKernel("pack " + plan.name(op.weights), {weights, packed}, [=](const RunContext& run) {
        const bool wide = work.packedBytes() > 32 << 10;
        (void)wide;
#pragma omp parallel for schedule(static) if (wide)
        for (int64_t tile = 0; tile < work.outTiles; ++tile)
            amxConvPack(work, run.at<float>(weights), tile, tile + 1, run.at<char>(packed));
    });
    return packed;
}

// Rows of all pictures, shared among the threads: whole pictures where there are enough.
int64_t shareOf(const AmxConv& work, int64_t thread, int64_t all) {
    return work.samples >= all ? work.samples * thread / all * work.gridHeight : work.rows() * thread / all;
}

void addConv(Planner& plan, const Instruction& op, const AmxConv& work, int src, int dst) {
    const int weights = plan.at(op.weights).buffer;
    const int bias = work.withBias ? plan.at(op.bias).buffer : -1;
    const int packed = planPacking(plan, op, work, weights);
    const int threads = work.rows() > 1 ? plan.threads() : 1;
    const int memory = plan.scratchBytes(static_cast<size_t>(work.threadBytes() * threads));
    std::vector<int> touched = {src, dst, packed, memory};
    if (bias >= 0) touched.push_back(bias);
    plan.addKernel(op.op + "+amx " + op.node, touched, [=](const RunContext& run) {
        const float* added = bias < 0 ? nullptr : run.at<float>(bias);
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            const int64_t thread = threadNumber(), all = threadCount();
            amxConvPart(work, run.at<Bf16>(src), run.at<char>(packed), added, run.at<Bf16>(dst), shareOf(work, thread, all),
                        shareOf(work, thread + 1, all), run.at<char>(memory) + thread * work.threadBytes());
        }
    });
}

bool planOwn(Planner& plan, const Instruction& op, int from, int to, bool backward) {
    if (op.groups != 1 || !ownTilesApply(plan)) return false;
    const Md desc = ownPictureDesc(plan.dims(to));
    const std::optional<AmxPicture> dst = amxPictureOf(desc);
    const Md sourceDesc = amxPictureOf(plan.at(from).desc) ? plan.at(from).desc : ownPictureDesc(plan.dims(from));
    const std::optional<AmxPicture> src = amxPictureOf(sourceDesc);
    if (!src || !dst) return false;
    const std::optional<AmxConv> work = describe(op, *src, *dst, plan.batch(), backward);
    if (!work) return false;
    const int source = sourceFor(plan, from).buffer;
    addConv(plan, op, *work, source, plan.write(to, desc).buffer);
    return true;
}

}  // namespace

bool planOwnConvForward(Planner& plan, const Instruction& op) {
    return planOwn(plan, op, op.src, op.dst, false);
}

bool planOwnConvBackwardData(Planner& plan, const Instruction& op) {
    return planOwn(plan, op, op.diffDst, op.diffSrc, true);
}

}  // namespace normlab
