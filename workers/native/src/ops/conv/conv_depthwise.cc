// Depthwise convolutions in f32 (depthwise.h), forward and both gradients: as many outputs as channels, a kernel of 3x3
// or 5x5, stride 1 or 2. Images keep the layout of the source. Threads share lines of the result; weight gradients are
// added in the order of the threads.
#include <algorithm>

#include "kernels/depthwise/depthwise.h"
#include "kernels/lanes/cpu_levels.h"
#include "ops/conv/conv.h"
#include "ops/conv/image_pass.h"
#include "ops/shared/conv_images.h"
#include "base/thread_share.h"

namespace normlab {
namespace {

// With fewer channels lanes would be empty.
constexpr int64_t kFewestChannels = 16;

bool fitsKernel(const Instruction& op) {
    const std::array<int64_t, 2> ones{1, 1}, twos{2, 2}, three{3, 3}, five{5, 5};
    if (op.kernel != three && op.kernel != five) return false;
    if ((op.stride != ones && op.stride != twos) || op.dilation != ones) return false;
    return std::all_of(op.padding.begin(), op.padding.end(), [&](int64_t pad) { return pad < op.kernel[0]; });
}

bool fits(const Planner& plan, const Instruction& op, int src, int dst) {
    const Dims in = plan.dims(src), out = plan.dims(dst);
    if (plan.computeType() != DataType::f32 || depthwiseKernels() == nullptr || !isImage(in) || !isImage(out))
        return false;
    return op.groups == in[1] && in[1] == out[1] && in[1] >= kFewestChannels && fitsKernel(op);
}

// The tensor as stored if our loops support its layout; else reordered to the layout that oneDNN's convolutions around
// it have on this CPU.
Value readWalked(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return isGrouped(have.desc) ? have : plan.read(tensor, groupedDesc(plan, tensor, cpuLevel() >= 4));
}

DepthwiseConv describe(const Planner& plan, const Instruction& op, const Md& src, const Md& dst) {
    DepthwiseConv out;
    out.src = groupedImageOf(src);
    out.dst = groupedImageOf(dst);
    out.samples = plan.batch();
    out.channels = compat::dimsOf(src)[1];
    out.kernel = op.kernel[0];
    out.stride = op.stride[0];
    out.padTop = op.padding[0];
    out.padLeft = op.padding[1];
    out.isBlocked = isBlocked(src);
    out.withBias = op.diffBias != kNone;
    return out;
}

void addImages(Planner& plan, const Instruction& op, const std::string& label, const ImagePass& pass,
               const DepthwiseConv& conv) {
    ImageLoops loops;
    loops.groups = conv.groups();
    loops.packedFloats = conv.packedFloats();
    loops.unitsOfSample = conv.linesOfSample(pass.written);
    loops.pack = [conv](const RunContext& run, const ImagePass& of, int64_t first, int64_t last) {
        packDepthwise(conv, run.at<float>(of.weights), of.biasOf(run), of.backward, first, last,
                      run.at<float>(of.packed));
    };
    loops.write = [conv](const RunContext& run, const ImagePass& of, int64_t first, int64_t last) {
        const DepthwiseKernels& kernels = *depthwiseKernels();
        (of.backward ? kernels.backwardData : kernels.forward)(conv, run.at<float>(of.src), run.at<float>(of.packed),
                                                               run.at<float>(of.dst), first, last);
    };
    addImagePass(plan, op, label, pass, loops);
}

}  // namespace

bool planDepthwiseForward(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.src, op.dst)) return false;
    const Value src = readWalked(plan, op.src);
    const Value dst = plan.write(op.dst, groupedDesc(plan, op.dst, isBlocked(src.desc)));
    const ImagePass pass = imagePass(false, src, dst);
    addImages(plan, op, "convForward+depthwise " + op.node, pass, describe(plan, op, src.desc, dst.desc));
    return true;
}

bool planDepthwiseData(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.diffSrc, op.diffDst)) return false;
    const Value src = readWalked(plan, op.diffDst);
    const Value dst = plan.write(op.diffSrc, groupedDesc(plan, op.diffSrc, isBlocked(src.desc)));
    const ImagePass pass = imagePass(true, src, dst);
    addImages(plan, op, "convBackwardData+depthwise " + op.node, pass, describe(plan, op, dst.desc, src.desc));
    return true;
}

bool planDepthwiseWeights(Planner& plan, const Instruction& op) {
    if (!fits(plan, op, op.src, op.diffDst)) return false;
    const Value src = readWalked(plan, op.src);
    Value diffDst = readWalked(plan, op.diffDst);
    if (isBlocked(diffDst.desc) != isBlocked(src.desc))
        diffDst = plan.read(op.diffDst, groupedDesc(plan, op.diffDst, isBlocked(src.desc)));
    const DepthwiseConv conv = describe(plan, op, src.desc, diffDst.desc);
    const int threads = static_cast<int>(std::min<int64_t>(plan.threads(), conv.runs()));
    const int weights = plan.write(op.diffWeights, plainDesc(plan.dims(op.diffWeights), DataType::f32)).buffer;
    const int bias =
        op.diffBias == kNone ? -1 : plan.write(op.diffBias, plainDesc(plan.dims(op.diffBias), DataType::f32)).buffer;
    const int sums = plan.scratchBytes(static_cast<size_t>(conv.sumDoubles() * threads) * sizeof(double));
    std::vector<int> touched = {src.buffer, diffDst.buffer, weights, sums};
    if (bias >= 0) touched.push_back(bias);
    plan.addKernel("convBackwardWeights+depthwise " + op.node, touched,
                   [=, below = src.buffer, above = diffDst.buffer](const RunContext& run) {
#pragma omp parallel num_threads(threads) if (threads > 1)
                       {
                           const ThreadShare runs = shareOf(conv.runs()), groups = shareOf(conv.groups());
                           double* all = run.at<double>(sums);
                           depthwiseKernels()->accumulateWeights(conv, run.at<float>(below), run.at<float>(above),
                                                                 runs.first, runs.last,
                                                                 all + runs.thread * conv.sumDoubles());
#pragma omp barrier
                           mergeDepthwise(conv, all, runs.threads, groups.first, groups.last, run.at<float>(weights),
                                          bias < 0 ? nullptr : run.at<float>(bias));
                       }
                   });
    return true;
}

}  // namespace normlab
