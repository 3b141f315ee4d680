// What the planners of our own AMX convolutions share.
#pragma once

#include <optional>

#include "amx_picture.h"
#include "ops.h"

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

// With our own AMX tiles; false where CPU, precision or shapes are not for them.
bool planOwnConvForward(Planner& plan, const Instruction& op);
bool planOwnConvBackwardData(Planner& plan, const Instruction& op);
bool planOwnConvWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
