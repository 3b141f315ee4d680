// The program as C++ values: a mirror of core/program/*.ts, field for field and under the same names. The schema is documented
// there; program_reader.cc fills these from the plain JavaScript object.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace normlab {

constexpr int kNone = -1;

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

// One struct for all ops: tensor ids are kNone where the op has no such operand or the program gives null.
struct Instruction {
    std::string op, node;

    int src = kNone, dst = kNone, weights = kNone, bias = kNone;
    int diffSrc = kNone, diffDst = kNone, diffWeights = kNone, diffBias = kNone;
    int gamma = kNone, beta = kNone, mean = kNone, variance = kNone, batchMean = kNone, batchVariance = kNone;
    int mask = kNone, savedGroups = kNone, diffGamma = kNone, diffBeta = kNone, indices = kNone;
    int logits = kNone, labels = kNone, slopes = kNone, loss = kNone, correct = kNone, diffLogits = kNone;
    std::vector<int> srcs, diffSrcs;
    std::vector<int64_t> sizes;

    std::array<int64_t, 2> kernel{1, 1}, stride{1, 1}, dilation{1, 1};
    std::array<int64_t, 4> padding{0, 0, 0, 0};  // top, left, bottom, right
    int64_t groups = 1;

    std::vector<double> channelMean, channelScale;  // `mean` and `scale` of normalizeInput
    double epsilon = 0, decay = 0, alpha = 0, rate = 0, labelSmoothing = 0, exponent = 0, value = 0;
    uint32_t salt = 0;
    int64_t valuesPerSample = 1, groupSize = 0;
    double maxR = 1, maxD = 0, rampStart = 0, rampEndR = 0, rampEndD = 0;
    bool fusedRelu = false, normalizeByBatch = false, unbiased = false, countPadding = false, cumulative = false;
    std::string fn, kind, interpolation, border;
    bool overPixel = false;  // sampleNorm: each pixel by itself, not groups of channels
    std::vector<double> classWeights;  // of the loss; empty: all weigh the same
};

// Every tensor that an instruction reads or writes, in no particular order.
std::vector<int> tensorsOf(const Instruction& op);

struct ParameterSlot {
    int64_t offset = 0, size = 0;
    bool trainable = false, decayed = false;
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

enum class OptimizerKind { none, sgd, rmsprop, adam, adamw, lion };
enum class Clipping { none, norm, value };

struct OptimizerPlan {
    OptimizerKind kind = OptimizerKind::none;
    double momentum = 0, alpha = 0, beta1 = 0, beta2 = 0, epsilon = 0, l1 = 0, l2 = 0;
    bool nesterov = false, centered = false, accumulates = false;
    Clipping clipping = Clipping::none;
    double clipLimit = 0, averageDecay = 0;

    bool clips() const { return clipping != Clipping::none; }
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
    int64_t weightsOffset = 0;  // of parameters and statistics, behind their slots' offsets
    int images = kNone, labels = kNone;
    int logits = kNone, loss = kNone, correct = kNone, inputGradient = kNone;
};

}  // namespace normlab
