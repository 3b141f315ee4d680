// Convolutions tap by tap in f32 (tap_conv.h), forward and both gradients: whole groups of sixteen channels and a
// stride above 1. Images keep the layout of the source, so that none is reordered. Threads share tiles of the result,
// or taps of the gradient.
#include <memory>

#include "base/thread_share.h"
#include "kernels/lanes/lanes.h"
#include "kernels/taps/tap_conv.h"
#include "ops/conv/conv.h"
#include "ops/conv/image_pass.h"
#include "ops/shared/conv_images.h"

namespace normlab {
namespace {

bool fits(const Planner& plan, const Instruction& op, int src, int dst) {
    const Dims in = plan.dims(src), out = plan.dims(dst);
    if (plan.computeType() != DataType::f32 || tapKernels() == nullptr || !isImage(in) || !isImage(out)) return false;
    if (op.groups != 1 || in[1] % kLanes != 0 || out[1] % kLanes != 0) return false;
    return (op.stride[0] > 1 || op.stride[1] > 1) && op.kernel[0] * op.kernel[1] <= kMostTaps;
}

// The tensor as stored if it is grouped, else in blocks.
Value readGrouped(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return isGrouped(have.desc) ? have : plan.read(tensor, groupedDesc(plan, tensor, true));
}

TapConv describe(const Planner& plan, const Instruction& op, const Md& src, const Md& dst) {
    TapConv out;
    out.src = groupedImageOf(src);
    out.dst = groupedImageOf(dst);
    out.samples = plan.batch();
    out.ins = compat::dimsOf(src)[1] / kLanes;
    out.outs = compat::dimsOf(dst)[1] / kLanes;
    out.kernelHeight = op.kernel[0];
    out.kernelWidth = op.kernel[1];
    out.strideDown = op.stride[0];
    out.strideAcross = op.stride[1];
    out.dilationDown = op.dilation[0];
    out.dilationAcross = op.dilation[1];
    out.padTop = op.padding[0];
    out.padLeft = op.padding[1];
    return out;
}

void addImages(Planner& plan, const Instruction& op, const std::string& label, const ImagePass& pass,
               const TapConv& conv) {
    const auto tiles = std::make_shared<const TapTiles>(conv, pass.backward);
    ImageLoops loops;
    loops.groups = tiles->results;
    loops.packedFloats = conv.packedFloats();
    loops.unitsOfSample = static_cast<int64_t>(tiles->tiles.size());
    loops.pack = [conv](const RunContext& run, const ImagePass& of, int64_t first, int64_t last) {
        packTaps(conv, run.at<float>(of.weights), of.backward, first, last, run.at<float>(of.packed));
    };
    loops.write = [tiles](const RunContext& run, const ImagePass& of, int64_t first, int64_t last) {
        tapKernels()->writeImages(*tiles, run.at<float>(of.src), run.at<float>(of.packed), of.biasOf(run),
                                  run.at<float>(of.dst), first, last);
    };
    addImagePass(plan, op, label, pass, loops);
}

}  // namespace

bool planTapsForward(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.src, op.dst)) return false;
    const Value src = readGrouped(plan, op.src);
    const Value dst = plan.write(op.dst, groupedDesc(plan, op.dst, isBlocked(src.desc)));
    const ImagePass pass = imagePass(false, src, dst);
    addImages(plan, op, "convForward+taps " + op.node, pass, describe(plan, op, src.desc, dst.desc));
    return true;
}

bool planTapsData(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.diffSrc, op.diffDst)) return false;
    const Value src = readGrouped(plan, op.diffDst);
    const Value dst = plan.write(op.diffSrc, groupedDesc(plan, op.diffSrc, isBlocked(src.desc)));
    const ImagePass pass = imagePass(true, src, dst);
    addImages(plan, op, "convBackwardData+taps " + op.node, pass, describe(plan, op, dst.desc, src.desc));
    return true;
}

bool planTapsWeights(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.src, op.diffDst)) return false;
    const Value src = readGrouped(plan, op.src), diffDst = readGrouped(plan, op.diffDst);
    const TapConv conv = describe(plan, op, src.desc, diffDst.desc);
    const int weights = plan.write(op.diffWeights, plainDesc(plan.dims(op.diffWeights), DataType::f32)).buffer;
    const int bias =
        op.diffBias == kNone ? -1 : plan.write(op.diffBias, plainDesc(plan.dims(op.diffBias), DataType::f32)).buffer;
    std::vector<int> touched = {src.buffer, diffDst.buffer, weights};
    if (bias >= 0) touched.push_back(bias);
    const int threads = static_cast<int>(std::min<int64_t>(plan.threads(), conv.gradientUnits()));
    plan.addKernel("convBackwardWeights+taps " + op.node, touched,
                   [=, below = src.buffer, above = diffDst.buffer](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
                       {
                           const ThreadShare units = shareOf(conv.gradientUnits()), groups = shareOf(conv.outs);
                           tapKernels()->backwardWeights(conv, run.at<float>(below), run.at<float>(above), units.first,
                                                         units.last, run.at<float>(weights));
                           if (bias >= 0)
                               tapKernels()->backwardBias(conv, run.at<float>(above), groups.first, groups.last,
                                                          run.at<float>(bias));
                       }
                   });
    return true;
}

}  // namespace normlab
