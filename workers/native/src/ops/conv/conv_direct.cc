// Weight gradients of convolutions whose source has few channels, in f32 (direct_weights.h). Blocks of channels would
// be mostly padding there. The totals of the threads are added in their order.
#include "ops/conv/conv.h"

#include "base/thread_share.h"
#include "kernels/direct/direct_weights.h"
#include "kernels/lanes/lanes.h"
#include "ops/shared/conv_images.h"

namespace normlab {
namespace {

constexpr int64_t kFewChannels = 4;

bool fits(const Planner& plan, const Instruction& op, const Dims& src, const Dims& dst) {
    if (!NORMLAB_VECTORS || plan.computeType() != DataType::f32 || op.groups != 1) return false;
    if (src.size() != 4 || dst.size() != 4 || src[1] > kFewChannels || dst[1] % kLanes != 0) return false;
    if (op.dilation != std::array<int64_t, 2>{1, 1} || dst[2] == 0 || dst[3] == 0) return false;
    return src[1] * op.kernel[0] * op.kernel[1] <= kMostDirectTaps;
}

// The gradient as stored if the loops support its layout, else reordered to blocks.
Value readGroups(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return isGrouped(have.desc) ? have : plan.read(tensor, groupedDesc(plan, tensor, true));
}

DirectWeights describe(const Planner& plan, const Instruction& op, const Dims& src, const Dims& dst,
                       const Value& diffDst) {
    const ChannelLayout layout = *channelLayoutOf(diffDst.desc);
    DirectWeights out;
    out.samples = plan.batch();
    out.channels = src[1];
    out.height = src[2];
    out.width = src[3];
    out.outs = dst[1];
    out.outHeight = dst[2];
    out.outWidth = dst[3];
    out.kernelHeight = op.kernel[0];
    out.kernelWidth = op.kernel[1];
    out.strideDown = op.stride[0];
    out.strideAcross = op.stride[1];
    out.padTop = op.padding[0];
    out.padLeft = op.padding[1];
    out.sampleStride = layout.sampleStride;
    out.groupStride = layout.block == kLanes ? layout.blockStride : kLanes;
    out.pixelStride = layout.pixelStride;
    return out;
}

}  // namespace

bool planDirectWeights(Planner& plan, const Instruction& op) {
    const Dims src = plan.dims(op.src), dst = plan.dims(op.diffDst);
    if (!fits(plan, op, src, dst)) return false;
    const Value diffDst = readGroups(plan, op.diffDst);
    const DirectWeights work = describe(plan, op, src, dst, diffDst);
    const int from = plan.readPlain(op.src, DataType::f32).buffer, above = diffDst.buffer;
    const int threads = static_cast<int>(std::min<int64_t>(plan.threads(), work.samples));
    const int64_t ownBytes = (work.threadBytes() + 63) / 64 * 64;
    const int memory = plan.scratchBytes(static_cast<size_t>(ownBytes * threads));
    const int weights = plan.write(op.diffWeights, plainDesc(plan.dims(op.diffWeights), DataType::f32)).buffer;
    const int bias =
        op.diffBias == kNone ? -1 : plan.write(op.diffBias, plainDesc(plan.dims(op.diffBias), DataType::f32)).buffer;
    std::vector<int> touched = {from, above, memory, weights};
    if (bias >= 0) touched.push_back(bias);
    plan.addKernel("convBackwardWeights+direct " + op.node, touched, [=](const RunContext& run) {
        int64_t used = 1;
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            const ThreadShare share = shareOf(work.samples);
            if (share.thread == 0) used = share.threads;
            directKernels().accumulate(work, run.at<float>(from), run.at<float>(above), share.first, share.last,
                                       run.at<char>(memory) + share.thread * ownBytes);
        }
        mergeDirectWeights(work, run.at<char>(memory), used, ownBytes, run.at<float>(weights),
                           bias < 0 ? nullptr : run.at<float>(bias));
    });
    return true;
}

}  // namespace normlab
