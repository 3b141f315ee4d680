// The program as C++ values, with the fields and names of core/program/*.ts, where the schema is documented.
// program_reader.cc fills them from the plain JavaScript object.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/update/optimizer.h"
#include "program/instruction.h"

namespace normlab {

enum class TensorKind {
    input,
    labels,
    activation,
    gradient,
    saved,
    batchStatistic,
    metric,
    parameter,
    parameterGradient,
    statistic
};

struct TensorSpec {
    std::string name;
    TensorKind kind = TensorKind::activation;
    std::vector<int64_t> dims;
    bool batched = false;
    int slot = kNone;
};

struct ParameterSlot {
    int64_t offset = 0, size = 0;
    bool trainable = false, decayed = false;
    double rateFactor = 1;
    int64_t startsAfter = 0;  // updates before the slot's first
};

struct StatisticSlot {
    int64_t offset = 0, size = 0;
};

struct StateLayout {
    std::vector<ParameterSlot> parameters;
    std::vector<StatisticSlot> statistics;
    int64_t parameterSize = 0, statisticsOffset = 0, statisticsSize = 0, totalSize = 0;
    std::vector<int64_t> momentOffsets;
    int64_t averageOffset = kNone;
};

enum class Clipping { none, norm, value };

struct OptimizerPlan {
    const OptimizerRow* optimizer = nullptr;  // null in a program without an update
    Coefficients coefficients;
    double l1 = 0, l2 = 0;
    bool accumulates = false;
    Clipping clipping = Clipping::none;
    double clipLimit = 0, averageDecay = 0;

    bool clips() const { return clipping != Clipping::none; }
};

// A tensor that JavaScript reads after a run, and its gradient or kNone.
struct Tap {
    int value = kNone, gradient = kNone;
};

struct Program {
    bool training = false;
    std::vector<TensorSpec> tensors;
    std::vector<Instruction> instructions;
    StateLayout state;
    OptimizerPlan optimizer;
    bool bytesInput = false;
    std::vector<int64_t> inputShape;
    int64_t classes = 0, logitCount = 0;
    int64_t weightsOffset = 0;  // of parameters and statistics, after their slots' offsets
    int images = kNone, labels = kNone;
    int logits = kNone, loss = kNone, correct = kNone, inputGradient = kNone;
    std::vector<Tap> taps;

    // True for a tensor that JavaScript reads after a run.
    bool isOutput(int tensor) const;
};

}  // namespace normlab
