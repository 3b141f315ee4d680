#include "door/program_check.h"

#include <cmath>

#include "base/status.h"

namespace normlab {
namespace {

int64_t elementsOf(const TensorSpec& tensor) {
    int64_t count = 1;
    for (const int64_t dim : tensor.dims) count *= dim;
    return count;
}

void checkOperands(const Instruction& instruction) {
    for (const Operand operand : requiredOperands(instruction.op)) {
        demand(instruction.*operand != kNone,
               std::string(nameOf(instruction.op)) + " of block '" + instruction.node + "' lacks an operand it needs");
    }
}

void checkState(const StateLayout& state) {
    demand(state.parameterSize >= 0 && state.statisticsSize >= 0 && state.statisticsOffset >= state.parameterSize &&
               state.statisticsOffset + state.statisticsSize <= state.totalSize,
           "the state layout is inconsistent");
    for (const int64_t offset : state.momentOffsets) {
        demand(
            offset >= state.statisticsOffset + state.statisticsSize && offset + state.parameterSize <= state.totalSize,
            "a moment of the state layout lies outside the state");
    }
    const int64_t weights = state.statisticsOffset + state.statisticsSize;
    demand(state.averageOffset == kNone ||
               (state.averageOffset >= weights && state.averageOffset + weights <= state.totalSize),
           "the averages of the state layout lie outside the state");
    for (const ParameterSlot& slot : state.parameters) {
        demand(slot.offset >= 0 && slot.size >= 0 && slot.offset + slot.size <= state.parameterSize,
               "a parameter of the state layout lies outside the state");
        demand(std::isfinite(slot.rateFactor) && slot.rateFactor > 0,
               "a learning rate factor of the state layout is not a positive number");
        demand(slot.startsAfter >= 0, "a slot of the state layout starts before the first update");
    }
    for (const StatisticSlot& slot : state.statistics) {
        demand(slot.offset >= state.statisticsOffset && slot.size >= 0 &&
                   slot.offset + slot.size <= state.statisticsOffset + state.statisticsSize,
               "a statistic of the state layout lies outside the state");
    }
}

void checkSlot(const TensorSpec& tensor, const Program& program) {
    const StateLayout& state = program.state;
    const bool ofParameter = tensor.kind == TensorKind::parameter || tensor.kind == TensorKind::parameterGradient;
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
    const size_t needed = plan.optimizer == nullptr ? 0 : plan.optimizer->moments(plan.coefficients).size();
    demand(program.state.momentOffsets.size() >= needed, "the state layout has too few moments for the optimizer");
    demand(program.state.momentOffsets.size() <= kMostMoments, "the state layout has more moments than any optimizer");
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
