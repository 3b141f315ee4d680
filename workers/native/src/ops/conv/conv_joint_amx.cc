// Weight and data gradient of a convolution on our AMX tiles in one loop over a thread's samples, a few at a time, so
// that the second one finds their common input in the cache. The gradient of a normalization, or its output, is
// computed on the fly for those samples and never stored.
#include "ops/conv/conv_amx.h"

namespace normlab {
namespace {

struct Joint {
    std::optional<TilesPass> data;
    AmxWeights weights;
    SampleSource src, diffDst;
    int sums = -1, memory = -1, diffWeights = -1, diffBias = -1;
    int64_t together = 1;

    int64_t dataBytes() const { return data ? data->work.threadBytes() : 0; }
    int64_t threadBytes() const {
        return dataBytes() + onTheFlyBytes(diffDst, together) + onTheFlyBytes(src, together);
    }
};

void runShare(const RunContext& run, const Joint& joint) {
    const ThreadShare samples = shareOf(joint.weights.samples);
    char* sums = run.at<char>(joint.sums) + samples.thread * joint.weights.threadBytes();
    char* memory = joint.memory < 0 ? nullptr : run.at<char>(joint.memory) + samples.thread * joint.threadBytes();
    char* made = memory + joint.dataBytes();
    amxWeightsBegin(joint.weights, sums);
    forChunks(samples, joint.together, false, [&](const SampleChunk& chunk, const SampleChunk& next) {
        const Bf16* diffDst = samplesOf(joint.diffDst, run, chunk, made);
        const Bf16* src = samplesOf(joint.src, run, chunk, made + onTheFlyBytes(joint.diffDst, joint.together));
        PrefetchList first, second;
        if (joint.data && joint.data->epilogue) addPrefetches(first, run, joint.data->epilogue->reads, chunk);
        addPrefetches(first, run, joint.diffDst.reads, next);
        addPrefetches(joint.data ? second : first, run, joint.src.reads, next);
        amxWeightsPart(joint.weights, {src, diffDst, chunk.count(), &first}, 0, joint.weights.piecesOf(chunk.count()),
                       sums);
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

void planJoint(Planner& plan, const Instruction& weights, const Instruction* data) {
    Joint joint;
    joint.src = ownSourceOf(plan, weights.src);
    joint.diffDst = ownSourceOf(plan, weights.diffDst);
    joint.weights = describeWeightTiles(plan, weights, *amxImageOf(joint.src.desc), *amxImageOf(joint.diffDst.desc));
    int64_t elements = joint.weights.src.sampleStride + joint.weights.diffDst.sampleStride;
    if (data != nullptr) {
        joint.data = planTiles(plan, *data, joint.diffDst, data->diffSrc, true);
        elements += joint.data->work.dst.sampleStride;
    }
    joint.together = samplesTogether(plan.batch(), joint.weights.imagesTogether(), elements * 2);
    joint.sums = plan.scratchBytes(static_cast<size_t>(joint.weights.threadBytes() * plan.threads()));
    if (joint.threadBytes() > 0)
        joint.memory = plan.scratchBytes(static_cast<size_t>(joint.threadBytes() * plan.threads()));
    joint.diffWeights =
        plan.write(weights.diffWeights, plainDesc(plan.dims(weights.diffWeights), DataType::f32)).buffer;
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
