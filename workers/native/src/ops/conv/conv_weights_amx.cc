// Weight gradients of convolutions and small dense layers on our AMX tiles (amx_weights.h). oneDNN 2.6 takes about
// twice the time, and its threads wait for each other at spinning barriers: for milliseconds if another process
// occupies a core. Each thread sums over its own images; the sums are added in the order of the threads. The rows of a
// dense layer are treated as the pixels of one image.
#include "ops/conv/conv.h"
#include "ops/conv/conv_amx.h"

namespace normlab {
namespace {

void addSteps(Planner& plan, const Instruction& op, const AmxWeights& work, const SampleSource& from,
              const SampleSource& above) {
    const int src = from.buffer, diffDst = above.buffer;
    const int threads = work.pieces > 1 ? plan.threads() : 1;
    const int memory = plan.scratchBytes(static_cast<size_t>(work.threadBytes() * threads));
    const int weights = plan.write(op.diffWeights, plainDesc(plan.dims(op.diffWeights), DataType::f32)).buffer;
    const int bias =
        work.withBias ? plan.write(op.diffBias, plainDesc(plan.dims(op.diffBias), DataType::f32)).buffer : -1;
    std::vector<int> touched = {src, diffDst, memory, weights};
    if (bias >= 0) touched.push_back(bias);
    plan.addKernel(nameOf(op.op) + std::string("+amx ") + op.node, touched, [=](const RunContext& run) {
        int used = 1;
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            const ThreadShare pieces = shareOf(work.pieces);
            if (pieces.thread == 0) used = static_cast<int>(pieces.threads);
            char* own = run.at<char>(memory) + pieces.thread * work.threadBytes();
            amxWeightsBegin(work, own);
            amxWeightsPart(work, {run.at<Bf16>(src), run.at<Bf16>(diffDst), work.samples, nullptr}, pieces.first,
                           pieces.last, own);
        }
        amxWeightsMerge(work, run.at<char>(memory), used, run.at<float>(weights),
                        bias < 0 ? nullptr : run.at<float>(bias));
    });
}

// A matrix [N, F], row-major, as an image of N pixels: with two image rows where possible, since pixels are multiplied
// in pairs of rows.
std::optional<AmxImage> matrixOf(const Md& desc) {
    const Dims dims = compat::dimsOf(desc);
    if (dims.size() != 2 || desc != plainDesc(dims, DataType::bf16)) return std::nullopt;
    const int64_t rows = dims[0] % 2 == 0 ? 2 : 1;
    return AmxImage{rows, dims[0] / rows, dims[1], 0, 16, dims[1]};
}

}  // namespace

bool planOwnConvWeights(Planner& plan, const Instruction& op) {
    if (op.groups != 1 || !ownTilesApply(plan)) return false;
    const int data = jointDataOf(plan, plan.current(), nullptr);
    if (data >= 0) {
        plan.handovers().deferWeights(data, plan.current());
        return true;
    }
    if (plan.handovers().onTheFly(op.src) != nullptr || plan.handovers().onTheFly(op.diffDst) != nullptr) {
        planJoint(plan, op, nullptr);
        return true;
    }
    const SampleSource src = ownSourceOf(plan, op.src), diffDst = ownSourceOf(plan, op.diffDst);
    const AmxWeights work = describeWeightTiles(plan, op, *amxImageOf(src.desc), *amxImageOf(diffDst.desc));
    addSteps(plan, op, work, src, diffDst);
    return true;
}

bool planOwnDenseWeights(Planner& plan, const Instruction& op) {
    constexpr double kLargestFlops = 1e8;  // one thread computes all of it
    if (!ownTilesApply(plan)) return false;
    const std::optional<AmxImage> src = matrixOf(plan.at(op.src).desc), dst = matrixOf(plan.at(op.diffDst).desc);
    if (!src || !dst) return false;
    if (2.0 * static_cast<double>(src->height * src->width * src->channels * dst->channels) > kLargestFlops)
        return false;
    AmxWeights work;
    work.src = *src;
    work.diffDst = *dst;
    work.samples = 1;
    work.withBias = op.diffBias != kNone;
    planAmxWeights(work);
    const SampleSource rows{plan.at(op.src).desc, plan.at(op.src).buffer, nullptr, {}, {}};
    const SampleSource above{plan.at(op.diffDst).desc, plan.at(op.diffDst).buffer, nullptr, {}, {}};
    addSteps(plan, op, work, rows, above);
    return true;
}

}  // namespace normlab
