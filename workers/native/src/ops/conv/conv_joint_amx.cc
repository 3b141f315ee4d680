// Weight and data gradient of a convolution on our AMX tiles in one walk over a thread's samples, some at a time, so that what both
// read is in its cache for the second one; where that is the gradient of a normalization, or normalized pictures, they are made
// for those samples and never stored.
#include "ops/conv/conv.h"
#include "ops/conv/conv_amx.h"
#include "ops/norm/norm_plan.h"

namespace normlab {
namespace {

constexpr int64_t kLargestSample = 512 << 10;   // bytes; larger ones would not be in the cache for their second reader
constexpr int64_t kLargestWeights = 1 << 20;    // bytes of packed weights and sums, which all samples' work goes through

// As ownSourceOf() will give it.
Md sourceDescOf(const Planner& plan, int tensor) {
    if (const SampleSource* onTheFly = plan.handovers().onTheFly(tensor)) return onTheFly->desc;
    const Md have = plan.at(tensor).desc;
    return amxPictureOf(have) ? have : ownPictureDesc(plan.dims(tensor));
}

bool isSmall(const Md& desc) {
    return sampleStrideOf(desc) * static_cast<int64_t>(sizeof(Bf16)) <= kLargestSample;
}

// Whole samples a thread, of convolutions that are ours.
bool takesWholeSamples(const Planner& plan, const Instruction& op) {
    return op.groups == 1 && ownTilesApply(plan) && plan.batch() >= plan.threads();
}

struct Joint {
    std::optional<TilesPass> data;
    AmxWeights weights;
    SampleSource src, diffDst;
    int sums = -1, memory = -1, diffWeights = -1, diffBias = -1;
    int64_t together = 1;

    int64_t dataBytes() const { return data ? data->work.threadBytes() : 0; }
    int64_t threadBytes() const { return dataBytes() + madeBytes(diffDst, together) + madeBytes(src, together); }
};

void runShare(const RunContext& run, const Joint& joint) {
    const ThreadShare samples = shareOf(joint.weights.samples);
    char* sums = run.at<char>(joint.sums) + samples.thread * joint.weights.threadBytes();
    char* memory = joint.memory < 0 ? nullptr : run.at<char>(joint.memory) + samples.thread * joint.threadBytes();
    char* made = memory + joint.dataBytes();
    amxWeightsBegin(joint.weights, sums);
    forChunks(samples, joint.together, false, [&](const SampleChunk& chunk, const SampleChunk& next) {
        const Bf16* diffDst = samplesOf(joint.diffDst, run, chunk, made);
        const Bf16* src = samplesOf(joint.src, run, chunk, made + madeBytes(joint.diffDst, joint.together));
        AmxAsks first, second;
        if (joint.data && joint.data->behind) askFor(first, run, joint.data->behind->reads, chunk);
        askFor(first, run, joint.diffDst.reads, next);
        askFor(joint.data ? second : first, run, joint.src.reads, next);
        amxWeightsPart(joint.weights, {src, diffDst, chunk.count(), &first}, 0, joint.weights.piecesOf(chunk.count()), sums);
        if (joint.data) convolveSamples(run, *joint.data, chunk, diffDst, second, memory);
    });
}

Kernel kernelOf(const Joint& joint, int threads) {
    return [=](const RunContext& run) {
        int used = 1;
#pragma omp parallel num_threads(threads) if (threads > 1)
        {
            if (threadNumber() == 0) used = threadCount();
            runShare(run, joint);
        }
        amxWeightsMerge(joint.weights, run.at<char>(joint.sums), used, run.at<float>(joint.diffWeights),
                        joint.diffBias < 0 ? nullptr : run.at<float>(joint.diffBias));
    };
}

}  // namespace

int jointDataOf(const Planner& plan, int index, const Md* desc) {
    const Instruction& op = plan.instruction(index);
    const int data = plan.fusions().dataGradientOf(index);
    if (data < 0 || !takesWholeSamples(plan, op)) return -1;
    const Md above = desc != nullptr ? *desc : sourceDescOf(plan, op.diffDst), below = sourceDescOf(plan, op.src);
    const Md diffSrc = ownPictureDesc(plan.dims(plan.instruction(data).diffSrc));
    const std::optional<AmxConv> work = describeTiles(plan, plan.instruction(data), above, diffSrc, true);
    if (!work || !isSmall(above) || !isSmall(below)) return -1;
    const AmxWeights weights = describeWeightTiles(plan, op, *amxPictureOf(below), work->src);
    return work->packedBytes() + weights.sumBytes() <= kLargestWeights ? data : -1;
}

bool normalizesOnTheFly(const Planner& plan, const Instruction& op, int tensor, const Md& src) {
    if (winogradNormalizes(plan, op, tensor, src)) return true;
    if (!takesWholeSamples(plan, op) || op.src != tensor || !amxPictureOf(src) || !isSmall(src)) return false;
    if (op.op == Op::convForward) return describeTiles(plan, op, src, ownPictureDesc(plan.dims(op.dst)), false).has_value();
    return op.op == Op::convBackwardWeights;
}

bool makeGradientOnTheFly(const Planner& plan, const ConvGradients& gradients, const Md& desc) {
    if (!amxPictureOf(desc) || !isSmall(desc) || !takesWholeSamples(plan, plan.instruction(gradients.weights))) return false;
    return gradients.data < 0 || jointDataOf(plan, gradients.weights, &desc) >= 0;
}

void planJoint(Planner& plan, const Instruction& weights, const Instruction* data) {
    Joint joint;
    joint.src = ownSourceOf(plan, weights.src);
    joint.diffDst = ownSourceOf(plan, weights.diffDst);
    joint.weights = describeWeightTiles(plan, weights, *amxPictureOf(joint.src.desc), *amxPictureOf(joint.diffDst.desc));
    int64_t elements = joint.weights.src.sampleStride + joint.weights.diffDst.sampleStride;
    if (data != nullptr) {
        joint.data = planTiles(plan, *data, joint.diffDst, data->diffSrc, true);
        elements += joint.data->work.dst.sampleStride;
    }
    joint.together = samplesTogether(plan.batch(), joint.weights.picturesTogether(), elements * 2);
    joint.sums = plan.scratchBytes(static_cast<size_t>(joint.weights.threadBytes() * plan.threads()));
    if (joint.threadBytes() > 0) joint.memory = plan.scratchBytes(static_cast<size_t>(joint.threadBytes() * plan.threads()));
    joint.diffWeights = plan.write(weights.diffWeights, plainDesc(plan.dims(weights.diffWeights), DataType::f32)).buffer;
    if (weights.diffBias != kNone)
        joint.diffBias = plan.write(weights.diffBias, plainDesc(plan.dims(weights.diffBias), DataType::f32)).buffer;
    std::vector<int> touched = joint.src.touched;
    touched.insert(touched.end(), joint.diffDst.touched.begin(), joint.diffDst.touched.end());
    if (joint.data) {
        const std::vector<int> more = joint.data->touched();
        touched.insert(touched.end(), more.begin(), more.end());
    }
    for (const int buffer : {joint.sums, joint.memory, joint.diffWeights, joint.diffBias})
        if (buffer >= 0) touched.push_back(buffer);
    plan.addKernel((data != nullptr ? "convBackward+amx " : "convBackwardWeights+amx ") + weights.node, touched,
                   kernelOf(joint, plan.threads()));
}

}  // namespace normlab
