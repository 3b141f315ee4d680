#include "ops/shared/conv_forms.h"

#include "ops/shared/conv_amx_forms.h"
#include "ops/shared/conv_winograd_forms.h"

namespace normlab {
namespace {

bool winogradNormalizes(const Planner& plan, const Instruction& op, int tensor, const Md& src) {
    if (op.src != tensor || !winogradWalks(src)) return false;
    return (op.op == Op::convForward && winogradFits(plan, op, op.src, op.dst)) ||
           (op.op == Op::convBackwardWeights && winogradFits(plan, op, op.src, op.diffDst));
}

}  // namespace

bool normalizesOnTheFly(const Planner& plan, const Instruction& op, int tensor, const Md& src) {
    if (winogradNormalizes(plan, op, tensor, src)) return true;
    if (!takesWholeSamples(plan, op) || op.src != tensor || !amxImageOf(src) || !isSmallSample(src)) return false;
    if (op.op == Op::convForward)
        return describeTiles(plan, op, src, ownImageDesc(plan.dims(op.dst)), false).has_value();
    return op.op == Op::convBackwardWeights;
}

bool makeGradientOnTheFly(const Planner& plan, const ConvGradients& gradients, const Md& desc) {
    if (!amxImageOf(desc) || !isSmallSample(desc) || !takesWholeSamples(plan, plan.instruction(gradients.weights)))
        return false;
    return gradients.data < 0 || jointDataOf(plan, gradients.weights, &desc) >= 0;
}

}  // namespace normlab
