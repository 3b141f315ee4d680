#include "ops/plan_program.h"

#include "ops/shared/ops.h"

namespace normlab {
namespace {

using PlanOp = void (*)(Planner&, const Instruction&);

constexpr PlanOp kPlanners[] = {
#define NORMLAB_OP(name, Name, ...) plan##Name,
#include "program/ops.inc"
#undef NORMLAB_OP
};

std::string shapeText(const Planner& plan, int tensor) {
    std::string text = plan.name(tensor) + " [";
    const Dims dims = plan.dims(tensor);
    for (size_t i = 0; i < dims.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(dims[i]);
    return text + "]";
}

// "convForward of block 'conv1' (input [8, 3, 32, 32], conv1.weights [16, 3, 3, 3], conv1.out [8, 16, 32, 32])"
std::string describeInstruction(const Planner& plan, const Instruction& op) {
    std::string shapes;
    const auto add = [&](int tensor) {
        if (tensor != kNone) shapes += (shapes.empty() ? "" : ", ") + shapeText(plan, tensor);
    };
    for (const int tensor :
         {op.src, op.weights, op.logits, op.diffLogits, op.diffDst, op.dst, op.diffWeights, op.diffSrc})
        add(tensor);
    for (const int tensor : op.srcs) add(tensor);
    return std::string(nameOf(op.op)) + " of block '" + op.node + "' (" + shapes + ")";
}

void planInstruction(Planner& plan, const Instruction& op) {
    try {
        kPlanners[static_cast<size_t>(op.op)](plan, op);
    } catch (const Failure& failure) {
        throw Failure(describeInstruction(plan, op) + ": " + failure.what(), failure.code);
    } catch (const dnnl::error& error) {
        throw Failure(describeInstruction(plan, op) + ": oneDNN cannot run it (" + error.what() + ")",
                      ErrorCode::unsupported);
    }
}

// A precondition of every planner: a tensor's dims fit its role in the program.
void checkEnds(const Planner& plan) {
    const Program& program = plan.program();
    Dims wanted(program.inputShape.begin(), program.inputShape.end());
    wanted.insert(wanted.begin(), plan.batch());
    demand(plan.dims(program.logits) == Dims({plan.batch(), program.logitCount}), "the logits are not [N, logitCount]");
    if (program.inputGradient != kNone) {
        demand(plan.dims(program.inputGradient) == wanted,
               "the input gradient does not have the program's input shape");
    }
    if (program.bytesInput) return;
    demand(plan.spec(program.images).kind == TensorKind::input, "the images are no input tensor");
    demand(plan.dims(program.images) == wanted, "the images do not have the program's input shape");
    for (const TensorSpec& tensor : program.tensors) {
        const bool other = tensor.kind == TensorKind::input && tensor.name != plan.name(program.images);
        demand(!other, "a program has one input tensor");
    }
}

int64_t valuesOf(const Program& program, int tensor, int64_t batch) {
    const TensorSpec& spec = program.tensors[static_cast<size_t>(tensor)];
    int64_t count = spec.batched ? batch : 1;
    for (const int64_t dim : spec.dims) count *= dim;
    return count;
}

void checkLent(const Program& program, int64_t batch, const Lent& lent) {
    const StateLayout& state = program.state;
    demand(lent.stateSize == state.totalSize, "the program was compiled for another state layout than the session's");
    demand(lent.gradientsSize == (program.training ? state.parameterSize : 0), "the gradient array has the wrong size");
    demand(lent.accumulatedSize == (program.training && program.optimizer.accumulates ? state.parameterSize : 0),
           "the array of accumulated gradients has the wrong size");
    demand(lent.batchStatisticsSize == state.statisticsSize, "the batch statistics array has the wrong size");
    demand(lent.logitsSize == batch * program.logitCount, "the logits array has the wrong size");
    int64_t pixels = program.inputGradient == kNone ? 0 : batch;
    for (const int64_t dim : program.inputShape) pixels *= dim;
    demand(lent.inputGradientSize == pixels, "the input gradient array has the wrong size");
    demand(lent.taps.size() == program.taps.size(), "there must be one pair of arrays a tap");
    for (size_t i = 0; i < program.taps.size(); ++i) {
        const auto [value, gradient] = program.taps[i];
        demand(lent.taps[i].valuesSize == valuesOf(program, value, batch), "the array of a tap has the wrong size");
        demand(lent.taps[i].gradientsSize == (gradient == kNone ? 0 : valuesOf(program, gradient, batch)),
               "the gradient array of a tap has the wrong size");
    }
}

}  // namespace

Plan planProgram(const Program& program, int64_t batch, const Session& session, const Lent& lent) {
    checkLent(program, batch, lent);
    Planner plan(program, batch, session, lent);
    checkEnds(plan);
    for (size_t i = 0; i < program.instructions.size(); ++i) {
        const int index = static_cast<int>(i);
        if (plan.isDone(index)) continue;
        plan.setCurrent(index);
        planInstruction(plan, program.instructions[i]);
    }
    planUpdate(plan);
    return plan.finish();
}

}  // namespace normlab
