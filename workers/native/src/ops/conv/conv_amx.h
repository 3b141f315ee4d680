// What the planners of our own AMX convolutions share.
#pragma once

#include <optional>

#include "kernels/amx/amx_conv.h"
#include "kernels/amx/amx_weights.h"
#include "ops/ops.h"
#include "ops/conv/sample_stream.h"

namespace normlab {

// True where our own AMX loops may stand in for oneDNN: bf16, and a CPU whose tiles oneDNN uses too (`ONEDNN_MAX_CPU_ISA`
// turns both off).
bool ownTilesApply(const Planner& plan);
// The picture tensor as our loops walk it; nothing for other layouts.
std::optional<AmxPicture> amxPictureOf(const Md& desc);
// The layout in which our loops leave pictures.
Md ownPictureDesc(const Dims& dims);

// The window of `op` for our loops, AmxConv or AmxWeights.
template <typename Work>
void takeWindow(const Instruction& op, Work& work) {
    work.kernelHeight = op.kernel[0];
    work.kernelWidth = op.kernel[1];
    work.strideY = op.stride[0];
    work.strideX = op.stride[1];
    work.dilationY = op.dilation[0];
    work.dilationX = op.dilation[1];
    work.padTop = op.padding[0];
    work.padLeft = op.padding[1];
}

// A convolution's source, where it stands, reordered where our loops do not walk its layout, or to be made as it is read.
SampleSource ownSourceOf(Planner& plan, int tensor);
// Samples that a thread takes at a time, of `bytes` each and best in groups of `group`.
int64_t samplesTogether(int64_t samples, int64_t group, int64_t bytes);

// A forward pass or data gradient: buffers of what it works with, and the memory of a thread.
struct TilesPass {
    AmxConv work;
    SampleSource src;
    int dst = -1, packed = -1, bias = -1, memory = -1;
    int64_t together = 1;
    std::optional<SampleWork> behind;  // what to do with samples just written

    int64_t threadBytes() const { return work.threadBytes() + madeBytes(src, together); }
    std::vector<int> touched() const;
};

// The convolution over pictures of these layouts; nothing where it is not for our loops.
std::optional<AmxConv> describeTiles(const Planner& plan, const Instruction& op, const Md& src, const Md& dst, bool backward);
AmxWeights describeWeightTiles(const Planner& plan, const Instruction& op, const AmxPicture& src, const AmxPicture& diffDst);
// The pass from `src` to a place for tensor `to`, weights packed; without its memory.
std::optional<TilesPass> planTiles(Planner& plan, const Instruction& op, const SampleSource& src, int to, bool backward);
// Samples of `chunk`, from `src`; `asks` is what the thread reads next.
void convolveSamples(const RunContext& run, const TilesPass& pass, const SampleChunk& chunk, const Bf16* src, const AmxAsks& asks, char* memory);

// The data gradient that is worked out in one walk over the samples with the weight gradient at `index`; -1 where there is none. Their
// gradient, where it is not placed yet, will lie as `desc`.
int jointDataOf(const Planner& plan, int index, const Md* desc);
// Both, or the weight gradient alone, in a walk over the samples.
void planJoint(Planner& plan, const Instruction& weights, const Instruction* data);

// With our own AMX tiles; false where CPU, precision or shapes are not for them.
bool planOwnConvForward(Planner& plan, const Instruction& op);
bool planOwnConvBackwardData(Planner& plan, const Instruction& op);
bool planOwnConvWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
