#include "ops/shared/conv_amx_forms.h"

#include <cstring>

#include "kernels/amx/amx_level.h"

namespace normlab {
namespace {

constexpr int64_t kLargestSample = 512 << 10;  // bytes; larger samples would leave the cache before their second reader
constexpr int64_t kLargestWeights = 1 << 20;  // bytes of packed weights and sums, which the work on each sample reads

// As ownSourceOf() returns it.
Md sourceDescOf(const Planner& plan, int tensor) {
    if (const SampleSource* onTheFly = plan.handovers().onTheFly(tensor)) return onTheFly->desc;
    const Md have = plan.at(tensor).desc;
    return amxImageOf(have) ? have : ownImageDesc(plan.dims(tensor));
}

}  // namespace

bool ownTilesApply(const Planner& plan) {
    return plan.computeType() == DataType::bf16 && hasAmx() && std::strcmp(compat::isaName(), "avx512_core_amx") == 0;
}

std::optional<AmxImage> amxImageOf(const Md& desc) {
    const std::optional<ChannelLayout> layout = channelLayoutOf(desc);
    const Dims dims = compat::dimsOf(desc);
    if (!layout || dims.size() != 4 || compat::typeOf(desc) != DataType::bf16) return std::nullopt;
    const bool blocked = layout->block == 16, last = layout->block == 1 && (layout->blockStride == 1 || dims[1] == 1);
    if (!blocked && !last) return std::nullopt;
    return AmxImage{
        dims[2], dims[3], dims[1], layout->sampleStride, blocked ? layout->blockStride : 16, layout->pixelStride};
}

Md ownImageDesc(const Dims& dims) {
    using Tag = dnnl::memory::format_tag;
    return Md(dims, DataType::bf16, dims[1] % 16 == 0 ? Tag::nChw16c : Tag::nhwc);
}

std::optional<AmxConv> describeTiles(const Planner& plan, const Instruction& op, const Md& src, const Md& dst,
                                     bool backward) {
    const std::optional<AmxImage> from = amxImageOf(src), to = amxImageOf(dst);
    if (op.groups != 1 || !ownTilesApply(plan) || !from || !to) return std::nullopt;
    AmxConv work;
    work.src = *from;
    work.dst = *to;
    work.samples = plan.batch();
    takeWindow(op, work);
    work.backward = backward;
    work.withBias = !backward && op.bias != kNone;
    return planAmxConv(work) ? std::optional<AmxConv>(std::move(work)) : std::nullopt;
}

AmxWeights describeWeightTiles(const Planner& plan, const Instruction& op, const AmxImage& src,
                               const AmxImage& diffDst) {
    AmxWeights work;
    work.src = src;
    work.diffDst = diffDst;
    work.samples = plan.batch();
    takeWindow(op, work);
    work.withBias = op.diffBias != kNone;
    planAmxWeights(work);
    return work;
}

bool isSmallSample(const Md& desc) {
    return sampleStrideOf(desc) * static_cast<int64_t>(sizeof(Bf16)) <= kLargestSample;
}

bool takesWholeSamples(const Planner& plan, const Instruction& op) {
    return op.groups == 1 && ownTilesApply(plan) && plan.batch() >= plan.threads();
}

int jointDataOf(const Planner& plan, int index, const Md* desc) {
    const Instruction& op = plan.instruction(index);
    const int data = plan.fusions().dataGradientOf(index);
    if (data < 0 || !takesWholeSamples(plan, op)) return -1;
    const Md above = desc != nullptr ? *desc : sourceDescOf(plan, op.diffDst), below = sourceDescOf(plan, op.src);
    const Md diffSrc = ownImageDesc(plan.dims(plan.instruction(data).diffSrc));
    const std::optional<AmxConv> work = describeTiles(plan, plan.instruction(data), above, diffSrc, true);
    if (!work || !isSmallSample(above) || !isSmallSample(below)) return -1;
    const AmxWeights weights = describeWeightTiles(plan, op, *amxImageOf(below), work->src);
    return work->packedBytes() + weights.sumBytes() <= kLargestWeights ? data : -1;
}

}  // namespace normlab
