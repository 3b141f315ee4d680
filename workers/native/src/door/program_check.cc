#include "door/program_check.h"

#include <map>

#include "base/status.h"

namespace normlab {
namespace {

using Member = int Instruction::*;

// Operands that must not be null, by op.
const std::map<std::string, std::vector<Member>>& requiredOperands() {
    using I = Instruction;
    static const std::map<std::string, std::vector<Member>> table = {
        {"normalizeInput", {&I::src, &I::dst}},
        {"convForward", {&I::src, &I::weights, &I::dst}},
        {"convBackwardData", {&I::diffDst, &I::weights, &I::diffSrc}},
        {"convBackwardWeights", {&I::src, &I::diffDst, &I::diffWeights}},
        {"denseForward", {&I::src, &I::weights, &I::dst}},
        {"denseBackwardData", {&I::diffDst, &I::weights, &I::diffSrc}},
        {"denseBackwardWeights", {&I::src, &I::diffDst, &I::diffWeights}},
        {"batchNormForward", {&I::src, &I::mean, &I::variance, &I::dst}},
        {"batchNormBackward", {&I::src, &I::diffDst, &I::mean, &I::variance}},
        {"ghostNormForward",
         {&I::src, &I::mean, &I::variance, &I::batchMean, &I::batchVariance, &I::dst}},
        {"ghostNormBackward", {&I::src, &I::diffDst, &I::savedGroups}},
        {"updateStatistics", {&I::batchMean, &I::batchVariance, &I::mean, &I::variance}},
        {"activationForward", {&I::src, &I::dst}},
        {"activationBackward", {&I::src, &I::dst, &I::diffDst, &I::diffSrc}},
        {"maxPoolForward", {&I::src, &I::dst}},
        {"maxPoolBackward", {&I::indices, &I::diffDst, &I::diffSrc}},
        {"averagePoolForward", {&I::src, &I::dst}},
        {"averagePoolBackward", {&I::diffDst, &I::diffSrc}},
        {"globalAveragePoolForward", {&I::src, &I::dst}},
        {"globalAveragePoolBackward", {&I::diffDst, &I::diffSrc}},
        {"reshape", {&I::src, &I::dst}},
        {"dropout", {&I::src, &I::dst}},
        {"channelDropout", {&I::src, &I::dst}},
        {"sampleNormForward", {&I::src, &I::dst}},
        {"sampleNormBackward", {&I::src, &I::diffDst}},
        {"preluForward", {&I::src, &I::weights, &I::dst}},
        {"preluBackward", {&I::src, &I::weights, &I::diffDst}},
        {"softmaxForward", {&I::src, &I::dst}},
        {"softmaxBackward", {&I::dst, &I::diffDst, &I::diffSrc}},
        {"sum", {&I::dst}},
        {"concatForward", {&I::dst}},
        {"concatBackward", {&I::diffDst}},
        {"lossForward", {&I::logits, &I::labels, &I::loss, &I::correct}},
        {"lossBackward", {&I::slopes, &I::labels, &I::diffLogits}},
        {"zero", {&I::dst}},
        {"convTransposeForward", {&I::src, &I::weights, &I::dst}},
        {"convTransposeBackwardData", {&I::diffDst, &I::weights, &I::diffSrc}},
        {"convTransposeBackwardWeights", {&I::src, &I::diffDst, &I::diffWeights}},
        {"resampleForward", {&I::src, &I::dst}},
        {"resampleBackward", {&I::diffDst, &I::diffSrc}},
        {"padForward", {&I::src, &I::dst}},
        {"padBackward", {&I::diffDst, &I::diffSrc}},
        {"multiplyForward", {&I::dst}},
        {"multiplyBackward", {&I::diffDst}},
    };
    return table;
}

int64_t elementsOf(const TensorSpec& tensor) {
    int64_t count = 1;
    for (const int64_t dim : tensor.dims) count *= dim;
    return count;
}

void checkOperands(const Instruction& instruction) {
    const auto found = requiredOperands().find(instruction.op);
    demand(found != requiredOperands().end(), "op '" + instruction.op + "' is unknown to the native backend");
    for (const Member member : found->second) {
        demand(instruction.*member != kNone,
               instruction.op + " of block '" + instruction.node + "' lacks an operand it needs");
    }
}

void checkState(const StateLayout& state) {
    demand(state.parameterSize >= 0 && state.statisticsSize >= 0 && state.statisticsOffset >= state.parameterSize &&
               state.statisticsOffset + state.statisticsSize <= state.totalSize,
           "the state layout is inconsistent");
    for (const int64_t offset : state.momentOffsets) {
        demand(offset >= state.statisticsOffset + state.statisticsSize &&
                   offset + state.parameterSize <= state.totalSize,
               "a moment of the state layout lies outside the state");
    }
    const int64_t weights = state.statisticsOffset + state.statisticsSize;
    demand(state.averageOffset == kNone || (state.averageOffset >= weights && state.averageOffset + weights <= state.totalSize),
           "the averages of the state layout lie outside the state");
    for (const ParameterSlot& slot : state.parameters) {
        demand(slot.offset >= 0 && slot.size >= 0 && slot.offset + slot.size <= state.parameterSize,
               "a parameter of the state layout lies outside the state");
    }
    for (const StatisticSlot& slot : state.statistics) {
        demand(slot.offset >= state.statisticsOffset && slot.size >= 0 &&
                   slot.offset + slot.size <= state.statisticsOffset + state.statisticsSize,
               "a statistic of the state layout lies outside the state");
    }
}

void checkSlot(const TensorSpec& tensor, const Program& program) {
    const StateLayout& state = program.state;
    const bool ofParameter =
        tensor.kind == TensorKind::parameter || tensor.kind == TensorKind::parameterGradient;
    const bool ofStatistic = tensor.kind == TensorKind::statistic || tensor.kind == TensorKind::batchStatistic;
    if (!ofParameter && !ofStatistic) return;
    const size_t count = ofParameter ? state.parameters.size() : state.statistics.size();
    demand(tensor.slot >= 0 && static_cast<size_t>(tensor.slot) < count,
           "tensor '" + tensor.name + "' names slot " + std::to_string(tensor.slot) + ", which does not exist");
    const size_t slot = static_cast<size_t>(tensor.slot);
    const int64_t size = ofParameter ? state.parameters[slot].size : state.statistics[slot].size;
    demand(program.training || tensor.kind != TensorKind::parameterGradient,
           "tensor '" + tensor.name + "' is a gradient in a program that does not train");
    demand(!tensor.batched && elementsOf(tensor) == size, "tensor '" + tensor.name + "' and its slot differ in size");
}

void checkOptimizer(const Program& program) {
    const OptimizerPlan& plan = program.optimizer;
    size_t needed = 0;
    const size_t momentum = plan.momentum != 0 ? 1 : 0;
    if (plan.kind == OptimizerKind::sgd) needed = momentum;
    if (plan.kind == OptimizerKind::rmsprop) needed = 1 + (plan.centered ? 1 : 0) + momentum;
    if (plan.kind == OptimizerKind::adam || plan.kind == OptimizerKind::adamw) needed = 2;
    if (plan.kind == OptimizerKind::lion) needed = 1;
    demand(program.state.momentOffsets.size() >= needed, "the state layout has too few moments for the optimizer");
}

}  // namespace

void checkProgram(const Program& program) {
    demand(program.classes >= 1, "program.classes must be at least 1");
    demand(program.logitCount == program.classes || (program.logitCount == 1 && program.classes == 2),
           "program.logitCount must be the number of classes, or 1 for two classes");
    demand(program.weightsOffset == 0 || (!program.training && program.weightsOffset == program.state.averageOffset),
           "program.weightsOffset must be 0 or, outside training, the averages' place");
    for (const Instruction& instruction : program.instructions) checkOperands(instruction);
    checkState(program.state);
    for (const TensorSpec& tensor : program.tensors) checkSlot(tensor, program);
    checkOptimizer(program);
}

}  // namespace normlab
