// Upsampling by oneDNN's resampling, with half-pixel centres as in core/program; gradients in the layout of the
// incoming gradient.
#include "ops/shared/ops.h"

namespace normlab {
namespace {

dnnl::algorithm algorithmOf(const Instruction& op) {
    if (op.interpolation == "nearest") return dnnl::algorithm::resampling_nearest;
    demand(op.interpolation == "bilinear", "the interpolation '" + op.interpolation + "' is unknown");
    return dnnl::algorithm::resampling_linear;
}

// oneDNN's nearest pixel equals ours for integer factors only.
void checkFactor(const Dims& small, const Dims& large) {
    demand(small.size() == 4 && large.size() == 4, "resampling needs images [N, C, H, W]");
    demand(small[0] == large[0] && small[1] == large[1] && large[2] % small[2] == 0 && large[3] % small[3] == 0,
           "resampling enlarges images by whole factors");
}

// The tensor in a layout that likeDesc can apply to its other size too.
Value images(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    return plan.read(tensor, likeDesc(have.desc, plan.dims(tensor), compat::typeOf(have.desc)));
}

}  // namespace

void planResampleForward(Planner& plan, const Instruction& op) {
    checkFactor(plan.dims(op.src), plan.dims(op.dst));
    const Value src = images(plan, op.src);
    const Md dst = likeDesc(src.desc, plan.dims(op.dst), compat::typeOf(src.desc));
    const compat::ResampleForward pd =
        compat::resampleForward(plan.engine(), dnnl::prop_kind::forward_training, algorithmOf(op), src.desc, dst);
    plan.addPrimitive("resampleForward " + op.node, dnnl::resampling_forward(pd), pd.scratchpad_desc(),
                      {{DNNL_ARG_SRC, src}, {DNNL_ARG_DST, plan.write(op.dst, dst)}});
}

void planResampleBackward(Planner& plan, const Instruction& op) {
    checkFactor(plan.dims(op.diffSrc), plan.dims(op.diffDst));
    const Value diffDst = images(plan, op.diffDst);
    const Md diffSrc = likeDesc(diffDst.desc, plan.dims(op.diffSrc), compat::typeOf(diffDst.desc));
    const compat::ResampleForward hint = compat::resampleForward(plan.engine(), dnnl::prop_kind::forward_training,
                                                                 algorithmOf(op), diffSrc, diffDst.desc);
    const compat::ResampleBackward pd =
        compat::resampleBackward(plan.engine(), algorithmOf(op), diffSrc, diffDst.desc, hint);
    plan.addPrimitive("resampleBackward " + op.node, dnnl::resampling_backward(pd), pd.scratchpad_desc(),
                      {{DNNL_ARG_DIFF_DST, diffDst}, {DNNL_ARG_DIFF_SRC, plan.write(op.diffSrc, diffSrc)}});
}

}  // namespace normlab
