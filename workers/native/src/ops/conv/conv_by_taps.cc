// Convolutions tap by tap in f32 (tap_conv.h), forward and both gradients: whole groups of sixteen channels and a
// stride above 1. Images keep the layout of the source, so that none is reordered. Threads share tiles of the result,
// or taps of the gradient.
#include <memory>
#include <optional>

#include "base/thread_share.h"
#include "kernels/lanes/lanes.h"
#include "kernels/taps/tap_conv.h"
#include "ops/conv/conv.h"
#include "ops/norm/norm_plan.h"
#include "ops/shared/conv_images.h"

namespace normlab {
namespace {

// Bytes of the samples that are computed before the epilogue reads them.
constexpr int64_t kTogether = 512 << 10;

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

// A pass that writes images: forward, or the data gradient.
struct Pass {
    TapConv conv;
    bool backward = false;
    int src = -1, weights = -1, bias = -1, dst = -1, packed = -1;
    std::optional<SampleWork> epilogue;  // work on samples just written
};

// A thread's share of the images: all at once, or as many as stay in its cache for the epilogue.
void writeShare(const RunContext& run, const Pass& pass, const TapTiles& all) {
    const int64_t count = static_cast<int64_t>(all.tiles.size());
    const ThreadShare tiles = shareOf(pass.conv.samples * count), samples = shareOf(pass.conv.samples);
    const auto write = [&](int64_t first, int64_t last) {
        tapKernels()->writeImages(all, run.at<float>(pass.src), run.at<float>(pass.packed),
                                  pass.bias < 0 ? nullptr : run.at<float>(pass.bias), run.at<float>(pass.dst), first,
                                  last);
    };
    if (!pass.epilogue) return write(tiles.first, tiles.last);
    const int64_t bytes = all.result.sampleStride * static_cast<int64_t>(sizeof(float));
    const int64_t together = std::max<int64_t>(1, kTogether / bytes);
    for (int64_t n = samples.first; n < samples.last; n += together) {
        const int64_t end = std::min(n + together, samples.last);
        write(n * count, end * count);
        pass.epilogue->run(run, n, end);
    }
}

void addImages(Planner& plan, const std::string& label, Pass pass) {
    pass.packed = plan.weightBytes(static_cast<size_t>(pass.conv.packedFloats()) * sizeof(float));
    std::vector<int> touched = {pass.src, pass.weights, pass.dst, pass.packed};
    if (pass.bias >= 0) touched.push_back(pass.bias);
    if (pass.epilogue) touched.insert(touched.end(), pass.epilogue->touched.begin(), pass.epilogue->touched.end());
    const auto all = std::make_shared<const TapTiles>(pass.conv, pass.backward);
    const int64_t tiles = pass.conv.samples * static_cast<int64_t>(all->tiles.size());
    const int threads = static_cast<int>(std::min<int64_t>(plan.threads(), tiles));
    plan.addKernel(label, touched, [=](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            if (!run.weightsReady) {
                const ThreadShare groups = shareOf(all->results);
                packTaps(pass.conv, run.at<float>(pass.weights), pass.backward, groups.first, groups.last,
                         run.at<float>(pass.packed));
#pragma omp barrier
            }
            writeShare(run, pass, *all);
        }
    });
}

}  // namespace

bool planTapsForward(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.src, op.dst)) return false;
    const Value src = readGrouped(plan, op.src);
    const Value dst = plan.write(op.dst, groupedDesc(plan, op.dst, isBlocked(src.desc)));
    Pass pass;
    pass.conv = describe(plan, op, src.desc, dst.desc);
    pass.src = src.buffer;
    pass.dst = dst.buffer;
    pass.weights = plan.readPlain(op.weights, DataType::f32).buffer;
    if (op.bias != kNone) pass.bias = plan.readPlain(op.bias, DataType::f32).buffer;
    if (plan.batch() >= plan.threads()) pass.epilogue = statisticsEpilogue(plan, op.dst);
    addImages(plan, "convForward+taps " + op.node, pass);
    return true;
}

bool planTapsData(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.diffSrc, op.diffDst)) return false;
    const Value src = readGrouped(plan, op.diffDst);
    const Value dst = plan.write(op.diffSrc, groupedDesc(plan, op.diffSrc, isBlocked(src.desc)));
    Pass pass;
    pass.backward = true;
    pass.conv = describe(plan, op, dst.desc, src.desc);
    pass.src = src.buffer;
    pass.dst = dst.buffer;
    pass.weights = plan.readPlain(op.weights, DataType::f32).buffer;
    if (plan.batch() >= plan.threads()) pass.epilogue = reductionEpilogue(plan, op.diffSrc);
    addImages(plan, "convBackwardData+taps " + op.node, pass);
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
