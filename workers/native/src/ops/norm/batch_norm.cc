// Batch normalization by our own loops where they support the layout (plan_norm_forward.cc, plan_norm_backward.cc),
// else by oneDNN in the layout of the source; `[N, F]` is treated as an image of one pixel. With null gamma and beta
// the scale and shift flags are off: 1 and 0. Statistics are always f32, the variance biased. oneDNN fuses a ReLU, with
// its workspace as the mask, but no ReLU6: that is a clip of the output, and the backward pass normalizes once more to
// see where its gradient passes.
#include "ops/norm/norm_plan.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

using Flags = dnnl::normalization_flags;

struct Norm {
    Md src;  // image
    Md channel;  // [C], f32
    Flags flags = Flags::none;
    float epsilon = 0;
};

Flags flagsOf(const Instruction& op) {
    Flags flags = Flags::none;
    if (op.gamma != kNone) flags |= Flags::use_scale;
    if (op.beta != kNone) flags |= Flags::use_shift;
    if (!op.normalizeByBatch) flags |= Flags::use_global_stats;
    if (normActivationOf(op) == NormActivation::relu) flags |= Flags::fuse_norm_relu;
    return flags;
}

Md imageOf(const Md& desc) {
    return compat::dimsOf(desc).size() == 2 ? asImage(desc) : desc;
}

void checkVectors(const Planner& plan, const Instruction& op, int64_t channels) {
    for (const int tensor :
         {op.gamma, op.beta, op.mean, op.variance, op.batchMean, op.batchVariance, op.diffGamma, op.diffBeta}) {
        demand(tensor == kNone || plan.dims(tensor) == Dims{channels},
               "a per-channel vector of a batch normalization has the wrong length");
    }
}

int64_t channelsOf(const Planner& plan, const Instruction& op) {
    const Dims dims = plan.dims(op.src);
    demand(dims.size() == 2 || dims.size() == 4, "a batch normalization needs [N, C, H, W] or [N, F]");
    return dims[1];
}

// A matrix must be row-major to be treated as images of one pixel.
Value matrixOrImage(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    if (compat::dimsOf(have.desc).size() != 2) return have;
    return plan.readPlain(tensor, compat::typeOf(have.desc));
}

Norm describeNorm(const Planner& plan, const Instruction& op, const Value& src) {
    return {imageOf(src.desc), plainDesc({channelsOf(plan, op)}, DataType::f32), flagsOf(op),
            static_cast<float>(op.epsilon)};
}

// Frozen normalization that also reports batch statistics. Where oneDNN computes them, its output is discarded.
void planStatisticsOnly(Planner& plan, const Instruction& op, const Norm& norm, const Value& src) {
    const Value mean = plan.write(op.batchMean, norm.channel), variance = plan.write(op.batchVariance, norm.channel);
    if (planOwnStatistics(plan, op.node, src, mean.buffer, variance.buffer)) return;
    const compat::NormForward pd =
        compat::normForward(plan.engine(), dnnl::prop_kind::forward_training, norm.src, norm.epsilon, Flags::none);
    plan.addPrimitive("batchStatistics " + op.node, dnnl::batch_normalization_forward(pd), pd.scratchpad_desc(),
                      {{DNNL_ARG_SRC, {norm.src, src.buffer}},
                       {DNNL_ARG_MEAN, mean},
                       {DNNL_ARG_VARIANCE, variance},
                       {DNNL_ARG_DST, plan.scratch(norm.src)}});
}

// The statistics to normalize by. Batch statistics are computed by our own pass where it supports the layout. oneDNN
// then receives them as input, as noted in `norm`.
void addForwardStatistics(Planner& plan, const Instruction& op, const Value& src, Norm& norm,
                          std::vector<Argument>& arguments) {
    const auto place = [&](int batch, int stored) {
        return op.normalizeByBatch ? plan.writeOrScratch(batch, norm.channel) : plan.at(stored);
    };
    const Value mean = place(op.batchMean, op.mean), variance = place(op.batchVariance, op.variance);
    arguments.push_back({DNNL_ARG_MEAN, mean});
    arguments.push_back({DNNL_ARG_VARIANCE, variance});
    if (op.normalizeByBatch && planOwnStatistics(plan, op.node, src, mean.buffer, variance.buffer))
        norm.flags |= Flags::use_global_stats;
}

compat::NormForward trainingForward(const Planner& plan, const Norm& norm) {
    return compat::normForward(plan.engine(), dnnl::prop_kind::forward_training, norm.src, norm.epsilon, norm.flags);
}

compat::EltwiseForward clip(const Planner& plan, const Md& data) {
    return compat::eltwiseForward(plan.engine(), dnnl::prop_kind::forward_training,
                                  {dnnl::algorithm::eltwise_clip_v2, 0, 6}, data);
}

void clipOutput(Planner& plan, const Instruction& op, const Norm& norm, const Value& normalized) {
    const compat::EltwiseForward pd = clip(plan, norm.src);
    const Value dst = plan.write(op.dst, normalized.desc);
    plan.mayOverlay(dst, normalized);
    plan.addPrimitive("relu6 " + op.node, dnnl::eltwise_forward(pd), pd.scratchpad_desc(),
                      {{DNNL_ARG_SRC, {norm.src, normalized.buffer}}, {DNNL_ARG_DST, {norm.src, dst.buffer}}});
}

// The gradient before a ReLU6.
Value clippedGradient(Planner& plan, const Instruction& op, const Norm& norm, const Value& src, const Value& diffDst) {
    const compat::NormForward pd = compat::normForward(plan.engine(), dnnl::prop_kind::forward_inference, norm.src,
                                                       norm.epsilon, norm.flags | Flags::use_global_stats);
    const Value normalized = plan.scratch(norm.src), gradient = plan.scratch(norm.src);
    std::vector<Argument> arguments = {{DNNL_ARG_SRC, {norm.src, src.buffer}},
                                       {DNNL_ARG_MEAN, plan.at(op.mean)},
                                       {DNNL_ARG_VARIANCE, plan.at(op.variance)},
                                       {DNNL_ARG_DST, normalized}};
    if (op.gamma != kNone) arguments.push_back({DNNL_ARG_SCALE, plan.read(op.gamma, norm.channel)});
    if (op.beta != kNone) arguments.push_back({DNNL_ARG_SHIFT, plan.read(op.beta, norm.channel)});
    plan.addPrimitive("normalizeAgain " + op.node, dnnl::batch_normalization_forward(pd), pd.scratchpad_desc(),
                      std::move(arguments));
    const compat::EltwiseBackward back = compat::eltwiseBackward(
        plan.engine(), {dnnl::algorithm::eltwise_clip_v2, 0, 6}, norm.src, clip(plan, norm.src));
    plan.addPrimitive(
        "relu6Backward " + op.node, dnnl::eltwise_backward(back), back.scratchpad_desc(),
        {{DNNL_ARG_SRC, normalized}, {DNNL_ARG_DIFF_DST, {norm.src, diffDst.buffer}}, {DNNL_ARG_DIFF_SRC, gradient}});
    return gradient;
}

bool allFinite(const float* values, int64_t count) {
    float sum = 0;  // 0 * x is NaN for NaN and infinity
    for (int64_t i = 0; i < count; ++i) sum += 0 * values[i];
    return sum == 0;
}

}  // namespace

void planBatchNormForward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.dst) == plan.dims(op.src), "the output of a batch normalization has another shape");
    checkVectors(plan, op, channelsOf(plan, op));
    if (planOwnNormForward(plan, op)) return;
    const Value src = matrixOrImage(plan, op.src);
    Norm norm = describeNorm(plan, op, src);
    if (!op.normalizeByBatch && op.batchMean != kNone) planStatisticsOnly(plan, op, norm, src);
    std::vector<Argument> arguments = {{DNNL_ARG_SRC, {norm.src, src.buffer}}};
    addForwardStatistics(plan, op, src, norm, arguments);
    const bool given = (norm.flags & Flags::use_global_stats) == Flags::use_global_stats;
    const bool training = !given || op.mask != kNone;
    const compat::NormForward pd = training ? trainingForward(plan, norm)
                                            : compat::normForward(plan.engine(), dnnl::prop_kind::forward_inference,
                                                                  norm.src, norm.epsilon, norm.flags);
    const bool clipped = normActivationOf(op) == NormActivation::relu6;
    const Value dst = clipped ? plan.scratch(src.desc) : plan.write(op.dst, src.desc);
    arguments.push_back({DNNL_ARG_DST, {norm.src, dst.buffer}});
    if (op.gamma != kNone) arguments.push_back({DNNL_ARG_SCALE, plan.read(op.gamma, norm.channel)});
    if (op.beta != kNone) arguments.push_back({DNNL_ARG_SHIFT, plan.read(op.beta, norm.channel)});
    if (training && normActivationOf(op) == NormActivation::relu)
        arguments.push_back({DNNL_ARG_WORKSPACE, plan.writeOrScratch(op.mask, pd.workspace_desc())});
    plan.mayOverlay(dst, src);
    plan.addPrimitive("batchNormForward " + op.node, dnnl::batch_normalization_forward(pd), pd.scratchpad_desc(),
                      std::move(arguments));
    if (clipped) clipOutput(plan, op, norm, dst);
}

void planBatchNormBackward(Planner& plan, const Instruction& op) {
    demand(plan.dims(op.diffDst) == plan.dims(op.src), "the gradient of a batch normalization has another shape");
    const NormActivation activation = normActivationOf(op);
    demand(activation == NormActivation::none || op.mask != kNone,
           "a batch normalization with a fused activation needs its mask");
    checkVectors(plan, op, channelsOf(plan, op));
    if (planOwnNormBackward(plan, op)) return;
    const Value src = matrixOrImage(plan, op.src);
    const Norm norm = describeNorm(plan, op, src);
    const bool scaled = op.gamma != kNone || op.beta != kNone;
    const auto prop = scaled ? dnnl::prop_kind::backward : dnnl::prop_kind::backward_data;
    const compat::NormBackward pd =
        compat::normBackward(plan.engine(), prop, norm.src, norm.epsilon, norm.flags, trainingForward(plan, norm));
    Value diffDst = plan.read(op.diffDst, src.desc);
    if (activation == NormActivation::relu6) diffDst = clippedGradient(plan, op, norm, src, diffDst);
    std::vector<Argument> arguments = {{DNNL_ARG_SRC, {norm.src, src.buffer}},
                                       {DNNL_ARG_DIFF_DST, {norm.src, diffDst.buffer}},
                                       {DNNL_ARG_MEAN, plan.at(op.mean)},
                                       {DNNL_ARG_VARIANCE, plan.at(op.variance)}};
    if (op.gamma != kNone) arguments.push_back({DNNL_ARG_SCALE, plan.read(op.gamma, norm.channel)});
    if (op.beta != kNone && compat::kNormBackwardTakesShift)
        arguments.push_back({DNNL_ARG_SHIFT, plan.read(op.beta, norm.channel)});
    if (activation == NormActivation::relu) arguments.push_back({DNNL_ARG_WORKSPACE, plan.at(op.mask)});
    const Value diffSrc = plan.writeOrScratch(op.diffSrc, src.desc);
    arguments.push_back({DNNL_ARG_DIFF_SRC, {norm.src, diffSrc.buffer}});
    if (op.gamma != kNone) arguments.push_back({DNNL_ARG_DIFF_SCALE, plan.writeOrScratch(op.diffGamma, norm.channel)});
    if (op.beta != kNone) arguments.push_back({DNNL_ARG_DIFF_SHIFT, plan.writeOrScratch(op.diffBeta, norm.channel)});
    plan.mayOverlay(diffSrc, diffDst);
    plan.addPrimitive("batchNormBackward " + op.node, dnnl::batch_normalization_backward(pd), pd.scratchpad_desc(),
                      std::move(arguments));
}

//   stored = decay * stored + (1 - decay) * factor * batch
// computed in double, stored in f32. `factor` is m/(m-1) for an unbiased variance of m values per channel, else 1.
// `decay` is 1 - 1/t at batch t of a cumulative average. If any batch statistic is not finite, the first of these
// instructions ends the step before anything is stored.
void planUpdateStatistics(Planner& plan, const Instruction& op) {
    const Dims channels = plan.dims(op.mean);
    demand(channels.size() == 1, "the stored mean of a batch normalization must be a vector");
    checkVectors(plan, op, channels[0]);
    const double count = static_cast<double>(op.valuesPerSample * plan.batch());
    demand(!op.unbiased || count > 1,
           "the unbiased variance of a single value per channel is undefined; use a larger batch");
    const double correction = op.unbiased ? count / (count - 1) : 1;
    const float* all = plan.lent().batchStatistics;
    const int64_t allSize = plan.lent().batchStatisticsSize;
    const int batchMean = plan.at(op.batchMean).buffer, batchVariance = plan.at(op.batchVariance).buffer;
    const int mean = plan.at(op.mean).buffer, variance = plan.at(op.variance).buffer;
    const int64_t size = channels[0];
    const auto blend = [size](float* stored, const float* batch, double decay, double factor) {
        for (int64_t c = 0; c < size; ++c)
            stored[c] = static_cast<float>(decay * stored[c] + (1 - decay) * factor * batch[c]);
    };
    plan.addKernel("updateStatistics " + op.node, {batchMean, batchVariance, mean, variance},
                   [=, cumulative = op.cumulative, constant = op.decay](const RunContext& run) {
                       demand(allFinite(all, allSize), "statistics of the batch are not finite",
                              ErrorCode::statisticsNotFinite);
                       const double decay = cumulative ? 1 - 1 / run.scalars.batch : constant;
                       blend(run.at<float>(mean), run.at<float>(batchMean), decay, 1);
                       blend(run.at<float>(variance), run.at<float>(batchVariance), decay, correction);
                   });
}

}  // namespace normlab
