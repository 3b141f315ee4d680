// Which convolutions our AMX loops can run, over which layouts: descriptions, from which nothing is planned yet.
#pragma once

#include <optional>

#include "kernels/amx/amx_conv.h"
#include "kernels/amx/amx_weights.h"
#include "plan/planner.h"

namespace normlab {

// True where our own AMX loops may stand in for oneDNN: bf16, and a CPU whose tiles oneDNN uses too
// (`ONEDNN_MAX_CPU_ISA` turns both off).
bool ownTilesApply(const Planner& plan);
// The image tensor as our loops walk it; nothing for other layouts.
std::optional<AmxImage> amxImageOf(const Md& desc);
// The layout in which our loops leave images.
Md ownImageDesc(const Dims& dims);

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

// The convolution over images of these layouts; nothing where it is not for our loops.
std::optional<AmxConv> describeTiles(const Planner& plan, const Instruction& op, const Md& src, const Md& dst,
                                     bool backward);
AmxWeights describeWeightTiles(const Planner& plan, const Instruction& op, const AmxImage& src,
                               const AmxImage& diffDst);

// Elements of one sample.
inline int64_t sampleStrideOf(const Md& desc) {
    return channelLayoutOf(desc)->sampleStride;
}
// True where a sample stays in the cache until its second reader.
bool isSmallSample(const Md& desc);
// True where each thread takes whole samples of the convolution, which is ours.
bool takesWholeSamples(const Planner& plan, const Instruction& op);

// The data gradient that is computed in one walk over the samples with the weight gradient at `index`; -1 where there
// is none. `desc`: the layout of the gradient that both read, where it has no place yet; else null.
int jointDataOf(const Planner& plan, int index, const Md* desc);
}  // namespace normlab
