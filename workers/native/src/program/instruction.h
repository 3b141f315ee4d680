// An instruction as a C++ value, with the names of core/program/instruction.ts. One struct serves all ops.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "program/op.h"

namespace normlab {

// The id for null and for operands that an op does not have.
constexpr int kNone = -1;

struct Instruction {
    Op op = Op::reshape;
    std::string node;  // the block of the graph that it belongs to

#define NORMLAB_OPERAND(name) int name = kNone;
#define NORMLAB_NUMBER(name, fallback) double name = fallback;
#include "program/fields.inc"
#undef NORMLAB_OPERAND
#undef NORMLAB_NUMBER

    std::vector<int> srcs, diffSrcs;
    std::vector<int64_t> sizes;

    std::array<int64_t, 2> kernel{1, 1}, stride{1, 1}, dilation{1, 1};
    std::array<int64_t, 4> padding{0, 0, 0, 0};  // top, left, bottom, right
    int64_t groups = 1;

    std::vector<double> channelMean, channelScale;  // `mean` and `scale` of normalizeInput
    uint32_t salt = 0;
    int64_t valuesPerSample = 1, groupSize = 0;
    bool normalizeByBatch = false, unbiased = false, countPadding = false, cumulative = false;
    std::string fn, kind, interpolation, border;
    std::string fusedActivation;       // of a batch normalization: "relu", "relu6" or empty
    bool overPixel = false;            // sampleNorm: statistics per pixel, not per group of channels
    bool reversesChannels = false;     // normalizeInput: channel c is read from channel C - 1 - c
    std::vector<double> classWeights;  // of the loss; empty: all have weight 1
};

using Operand = int Instruction::*;

// The operands that must not be null.
const std::vector<Operand>& requiredOperands(Op op);
// Every tensor that an instruction reads or writes, in no particular order.
std::vector<int> tensorsOf(const Instruction& instruction);

}  // namespace normlab
