// Winograd convolutions: 3x3 of stride 1 in f32 (winograd.h), forward and both gradients, where CPU and shape are
// supported: AVX2 or AVX-512, blocks of sixteen channels with little padding. Threads share rows of tiles; weight
// gradients are added in the order of the threads.
#include <optional>

#include "ops/conv/conv.h"
#include "ops/norm/norm_plan.h"
#include "ops/shared/conv_images.h"
#include "ops/shared/conv_winograd_forms.h"
#include "base/thread_share.h"
#include "kernels/winograd/winograd.h"

namespace normlab {
namespace {

WinogradImage imageOf(const Md& desc) {
    const GroupedImage image = groupedImageOf(desc);
    const int64_t channels = compat::dimsOf(desc)[1];
    return {image.height,       image.width,       channels,         (channels + 15) / 16,
            image.sampleStride, image.groupStride, image.pixelStride};
}

// The tensor as stored if our loops support its layout, else reordered to blocks.
Value readWalked(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    if (winogradWalks(have.desc)) return have;
    return plan.read(tensor, groupedDesc(plan, tensor, true));
}

// The source of a pass: a tensor, or one that is normalized on the fly.
struct Source {
    Value value;
    int lanes = -1;
    NormActivation activation = NormActivation::none;

    WinogradSource at(const RunContext& run) const {
        return {run.at<float>(value.buffer), lanes < 0 ? nullptr : run.at<NormLanes>(lanes), activation};
    }
};

Source sourceOf(Planner& plan, int tensor) {
    const UnstoredNorm* unstored = plan.handovers().unstored(tensor);
    if (unstored == nullptr) return {readWalked(plan, tensor)};
    return {unstored->src, unstored->lanes, unstored->activation};
}

struct Pass {
    WinogradConv conv;
    int threads = 1;
    int points = -1;  // points of the kernel, or the threads' sums
    int tiles = -1;
    int64_t tileFloats = 0, sumFloats = 0;
    std::optional<SampleWork> epilogue;  // work on samples just written
};

Pass describe(Planner& plan, const Md& src, const Md& dst, int64_t padTop, int64_t padLeft, bool weights) {
    Pass out;
    out.conv.src = imageOf(src);
    out.conv.dst = imageOf(dst);
    out.conv.samples = plan.batch();
    out.conv.padTop = padTop;
    out.conv.padLeft = padLeft;
    planWinograd(out.conv, weights);
    out.threads = static_cast<int>(std::min<int64_t>(plan.threads(), out.conv.rows()));
    out.tileFloats = out.conv.tileFloats();
    out.sumFloats = out.conv.sumFloats();
    out.tiles = plan.scratchBytes(static_cast<size_t>(out.tileFloats * out.threads) * sizeof(float));
    return out;
}

// With so few tiles and a kernel beyond the second-level cache, reading the kernel takes most of the time: threads
// share the outputs, and each reads its own part of the kernel alone.
constexpr int64_t kFewTiles = 256;
constexpr int64_t kLargeKernel = 1 << 18;  // floats

bool sharesOutputs(const Pass& pass) {
    const WinogradConv& conv = pass.conv;
    return !pass.epilogue && conv.rows() * conv.tilesAcross() <= kFewTiles && conv.kernelFloats() > kLargeKernel;
}

// A thread's share of the outputs, in pairs of groups.
WinogradPart shareOfOutputs(const WinogradConv& conv) {
    const ThreadShare pairs = shareOf((conv.dst.groups + 1) / 2);
    return {0, conv.rows(), 2 * pairs.first, std::min(2 * pairs.last, conv.dst.groups)};
}

// A thread's share of the images: all at once, or as many as stay in its cache for the epilogue.
void correlateShare(const RunContext& run, const Pass& pass, const WinogradSource& src, const float* bias, float* dst) {
    const WinogradConv& conv = pass.conv;
    const int64_t down = conv.tilesDown(), ofSample = down * conv.tilesAcross();
    const ThreadShare rows = shareOf(conv.rows()), samples = shareOf(conv.samples);
    float* tiles = run.at<float>(pass.tiles) + rows.thread * pass.tileFloats;
    const auto correlate = [&](const WinogradPart& part) {
        winogradKernels()->correlate(conv, src, run.at<float>(pass.points), bias, dst, part, tiles);
    };
    if (sharesOutputs(pass)) return correlate(shareOfOutputs(conv));
    if (!pass.epilogue) return correlate({rows.first, rows.last, 0, conv.dst.groups});
    const int64_t together = (64 + ofSample - 1) / ofSample;
    for (int64_t n = samples.first; n < samples.last; n += together) {
        const int64_t end = std::min(n + together, samples.last);
        correlate({n * down, end * down, 0, conv.dst.groups});
        pass.epilogue->run(run, n, end);
    }
}

// Forward; or, if flipped, the data gradient.
void addCorrelation(Planner& plan, const std::string& label, const Source& src, int weights, int bias, const Value& dst,
                    Pass pass, bool flipped) {
    pass.points = plan.weightBytes(static_cast<size_t>(pass.conv.kernelFloats()) * sizeof(float));
    std::vector<int> touched = {src.value.buffer, weights, dst.buffer, pass.points, pass.tiles};
    for (const int buffer : {bias, src.lanes})
        if (buffer >= 0) touched.push_back(buffer);
    if (pass.epilogue) touched.insert(touched.end(), pass.epilogue->touched.begin(), pass.epilogue->touched.end());
    plan.addKernel(label, touched, [=, to = dst.buffer](const RunContext& run) {
#pragma omp parallel num_threads(pass.threads) if (pass.threads > 1)
        {
            if (!run.weightsReady) {
                const ThreadShare groups = shareOf(pass.conv.dst.groups);
                winogradKernels()->transformKernel(pass.conv, run.at<float>(weights), flipped, groups.first,
                                                   groups.last, run.at<float>(pass.points));
#pragma omp barrier
            }
            correlateShare(run, pass, src.at(run), bias < 0 ? nullptr : run.at<float>(bias), run.at<float>(to));
        }
    });
}

void addWeights(Planner& plan, const std::string& label, const Source& src, const Value& diffDst, int weights, int bias,
                Pass pass) {
    pass.points = plan.scratchBytes(static_cast<size_t>(pass.sumFloats * pass.threads) * sizeof(float));
    std::vector<int> touched = {src.value.buffer, diffDst.buffer, weights, pass.points, pass.tiles};
    for (const int buffer : {bias, src.lanes})
        if (buffer >= 0) touched.push_back(buffer);
    plan.addKernel(label, touched, [=, above = diffDst.buffer](const RunContext& run) {
        const WinogradKernels& kernels = *winogradKernels();
        const WinogradConv& conv = pass.conv;
#pragma omp parallel num_threads(pass.threads) if (pass.threads > 1)
        {
            const ThreadShare rows = shareOf(conv.rows()), groups = shareOf(conv.dst.groups);
            kernels.accumulateWeights(conv, src.at(run), run.at<float>(above), rows.first, rows.last,
                                      run.at<float>(pass.tiles) + rows.thread * pass.tileFloats,
                                      run.at<float>(pass.points) + rows.thread * pass.sumFloats);
#pragma omp barrier
            kernels.mergeWeights(conv, run.at<float>(pass.points), rows.threads, pass.sumFloats, groups.first,
                                 groups.last, run.at<float>(weights), bias < 0 ? nullptr : run.at<float>(bias));
        }
    });
}

}  // namespace

bool planWinogradForward(Planner& plan, const Instruction& op) {
    if (!winogradFits(plan, op, op.src, op.dst)) return false;
    const Source src = sourceOf(plan, op.src);
    const Value dst = plan.write(op.dst, groupedDesc(plan, op.dst, true));
    const int bias = op.bias == kNone ? -1 : plan.readPlain(op.bias, DataType::f32).buffer;
    const int weights = plan.readPlain(op.weights, DataType::f32).buffer;
    Pass pass = describe(plan, src.value.desc, dst.desc, op.padding[0], op.padding[1], false);
    if (plan.batch() >= plan.threads()) pass.epilogue = statisticsEpilogue(plan, op.dst);
    addCorrelation(plan, "convForward+winograd " + op.node, src, weights, bias, dst, pass, false);
    return true;
}

bool planWinogradData(Planner& plan, const Instruction& op) {
    if (!winogradFits(plan, op, op.diffSrc, op.diffDst)) return false;
    const Source src{readWalked(plan, op.diffDst)};
    const Value dst = plan.write(op.diffSrc, groupedDesc(plan, op.diffSrc, true));
    const int weights = plan.readPlain(op.weights, DataType::f32).buffer;
    Pass pass = describe(plan, src.value.desc, dst.desc, 2 - op.padding[0], 2 - op.padding[1], false);
    if (plan.batch() >= plan.threads()) pass.epilogue = reductionEpilogue(plan, op.diffSrc);
    addCorrelation(plan, "convBackwardData+winograd " + op.node, src, weights, -1, dst, pass, true);
    return true;
}

bool planWinogradWeights(Planner& plan, const Instruction& op) {
    if (!winogradFits(plan, op, op.src, op.diffDst)) return false;
    const Source src = sourceOf(plan, op.src);
    const Value diffDst = readWalked(plan, op.diffDst);
    const Pass pass = describe(plan, src.value.desc, diffDst.desc, op.padding[0], op.padding[1], true);
    const int weights = plan.write(op.diffWeights, plainDesc(plan.dims(op.diffWeights), DataType::f32)).buffer;
    const int bias =
        op.diffBias == kNone ? -1 : plan.write(op.diffBias, plainDesc(plan.dims(op.diffBias), DataType::f32)).buffer;
    addWeights(plan, "convBackwardWeights+winograd " + op.node, src, diffDst, weights, bias, pass);
    return true;
}

}  // namespace normlab
