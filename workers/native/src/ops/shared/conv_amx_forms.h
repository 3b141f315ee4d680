// Which convolutions our AMX loops support, and in which layouts. These functions only describe; they plan nothing.
#pragma once

#include <optional>

#include "kernels/amx/amx_conv.h"
#include "kernels/amx/amx_weights.h"
#include "plan/planner.h"

namespace normlab {

// True where our AMX loops may replace oneDNN: bf16, and a CPU whose tiles oneDNN uses too (`ONEDNN_MAX_CPU_ISA`
// disables both).
bool ownTilesApply(const Planner& plan);
// The image tensor for our loops; no value for unsupported layouts.
std::optional<AmxImage> amxImageOf(const Md& desc);
// The layout that our loops write.
Md ownImageDesc(const Dims& dims);

// Copies kernel, stride, dilation and padding of `op` to `work`, an AmxConv or AmxWeights.
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

// The convolution over images of these layouts; no value where our loops do not support it.
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
// True where the convolution runs in our loops and each thread processes whole samples.
bool takesWholeSamples(const Planner& plan, const Instruction& op);

// The data gradient that is computed in one loop over the samples with the weight gradient at `index`; -1 if there is
// none. `desc`: the layout of the gradient that both read if it has no buffer yet, else null.
int jointDataOf(const Planner& plan, int index, const Md* desc);
}  // namespace normlab
