// Activations by oneDNN's element-wise primitive, in the layout of the source. Where the derivative follows from the
// output (relu, relu6, sigmoid, tanh, and leaky relu and elu with alpha >= 0), the backward pass reads the output, so
// that the source can be freed earlier. HardSigmoid has our own loops (hard_sigmoid.cc).
#include <map>

#include "ops/activation/hard_sigmoid.h"
#include "ops/norm/norm_plan.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

using dnnl::algorithm;

// Below this many elements it costs more to wake the other threads than they save.
constexpr int64_t kFewElements = 1 << 13;

int threadsFor(const Md& data) {
    return elementCount(compat::dimsOf(data)) < kFewElements ? 1 : 0;
}

struct Activation {
    compat::EltwiseKind kind;
    bool fromOutput;
};

Activation activationOf(const Instruction& op) {
    const float alpha = static_cast<float>(op.alpha);
    const bool byOutput = alpha >= 0;
    const std::map<std::string, Activation> table = {
        {"relu", {{algorithm::eltwise_relu_use_dst_for_bwd, 0, 0}, true}},
        {"relu6", {{algorithm::eltwise_clip_v2_use_dst_for_bwd, 0, 6}, true}},
        {"leakyRelu",
         {{byOutput ? algorithm::eltwise_relu_use_dst_for_bwd : algorithm::eltwise_relu, alpha, 0}, byOutput}},
        {"elu", {{byOutput ? algorithm::eltwise_elu_use_dst_for_bwd : algorithm::eltwise_elu, alpha, 0}, byOutput}},
        {"gelu", {{algorithm::eltwise_gelu_erf, 0, 0}, false}},
        {"geluTanh", {{algorithm::eltwise_gelu_tanh, 0, 0}, false}},
        {"silu", {{algorithm::eltwise_swish, 1, 0}, false}},
        // oneDNN 3.x: x * max(0, min(1, alpha x + beta)). 2.x has fixed coefficients and ignores these.
        {"hardSwish", {{algorithm::eltwise_hardswish, 1.0F / 6.0F, 0.5F}, false}},
        {"sigmoid", {{algorithm::eltwise_logistic_use_dst_for_bwd, 0, 0}, true}},
        {"tanh", {{algorithm::eltwise_tanh_use_dst_for_bwd, 0, 0}, true}},
    };
    const auto found = table.find(op.fn);
    demand(found != table.end(), "activation '" + op.fn + "' is unknown to the native backend");
    return found->second;
}

compat::EltwiseForward forwardOf(const Planner& plan, const Activation& activation, const Md& data) {
    return compat::eltwiseForward(plan.engine(), dnnl::prop_kind::forward_training, activation.kind, data);
}

}  // namespace

void planActivationForward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of an activation has another shape");
    if (op.fn == "hardSigmoid") return planHardSigmoidForward(plan, op);
    const Value src = plan.at(op.src);
    const compat::EltwiseForward pd = forwardOf(plan, activationOf(op), src.desc);
    const Value dst = plan.write(op.dst, src.desc);
    plan.mayOverlay(dst, src);
    plan.addPrimitive("activationForward " + op.node, dnnl::eltwise_forward(pd), pd.scratchpad_desc(),
                      {{DNNL_ARG_SRC, src}, {DNNL_ARG_DST, dst}}, threadsFor(src.desc));
}

void planActivationBackward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.diffDst) == plan.dims(op.src) && plan.dims(op.diffSrc) == plan.dims(op.src),
           "the gradient of an activation has another shape");
    if (leaveToNorm(plan)) return;
    if (op.fn == "hardSigmoid") return planHardSigmoidBackward(plan, op);
    const Activation activation = activationOf(op);
    const Value data = plan.at(activation.fromOutput ? op.dst : op.src);
    const compat::EltwiseBackward pd =
        compat::eltwiseBackward(plan.engine(), activation.kind, data.desc, forwardOf(plan, activation, data.desc));
    const Value diffDst = plan.read(op.diffDst, data.desc);
    const Value diffSrc = plan.write(op.diffSrc, data.desc);
    plan.mayOverlay(diffSrc, diffDst);
    plan.addPrimitive("activationBackward " + op.node, dnnl::eltwise_backward(pd), pd.scratchpad_desc(),
                      {{activation.fromOutput ? DNNL_ARG_DST : DNNL_ARG_SRC, data},
                       {DNNL_ARG_DIFF_DST, diffDst},
                       {DNNL_ARG_DIFF_SRC, diffSrc}},
                      threadsFor(data.desc));
}

}  // namespace normlab
