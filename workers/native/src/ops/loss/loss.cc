// The loss over f32 logits [N, K]. Sums are in double and in the order of the samples, so that the result does not
// depend on the number of threads. It is the mean over the samples with a label (>= 0), weighted by class; the others
// have no loss and no gradient. Without any label the loss is NaN. The forward pass saves each sample's own gradient;
// the backward pass divides it by the sum of weights.
#include <algorithm>
#include <cmath>

#include "base/bf16.h"
#include "kernels/loss/loss_rows.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

// Weight of a sample's first label: below 1 for an image mixed of two.
double shareOf(const RunContext& run, int64_t n) {
    return run.mix.shares == nullptr ? 1 : run.mix.shares[n];
}

double totalWeight(const RunContext& run, const LossTerms& terms) {
    double sum = 0;
    if (run.labels == nullptr) return sum;
    for (int64_t n = 0; n < terms.samples; ++n) {
        const double own = terms.weight(run.labels[n]), share = run.labels[n] < 0 ? 1 : shareOf(run, n);
        sum += share == 1 ? own : share * own + (1 - share) * terms.weight(run.mix.labels[n]);
    }
    return sum;
}

// Loss of a mixed sample; `own` is the loss of its first label alone. Adds the second label's part to its slopes.
// `scratch`: 2 * width.
double mixIn(const LossTerms& terms, const float* row, int64_t other, double share, double own, float* slopes,
             double* scratch) {
    float* spare = slopes == nullptr ? nullptr : reinterpret_cast<float*>(scratch + terms.width);
    const double loss = terms.loss->ofRow(terms, row, other, spare, scratch);
    if (slopes != nullptr)
        for (int64_t k = 0; k < terms.width; ++k)
            slopes[k] = static_cast<float>(share * slopes[k] + (1 - share) * spare[k]);
    return share * own + (1 - share) * loss;
}

// Whether the first largest logit is that of the label; a single logit means class 1 if it is positive, else 0.
bool isHit(const float* logits, int32_t label, int64_t width) {
    if (width == 1) return (logits[0] > 0 ? 1 : 0) == label;
    return std::max_element(logits, logits + width) - logits == label;
}

// Buffers of a run: logits [N, K], slopes [N, K] or null, scratch [N, 2 K], loss and hit per sample.
struct RowBuffers {
    const float* logits;
    float* slopes;
    double *scratch, *losses, *hits;
};

void lossOfSamples(const RowBuffers& to, const RunContext& run, const LossTerms& terms) {
#pragma omp parallel for schedule(static)
    for (int64_t n = 0; n < terms.samples; ++n) {
        const float* row = to.logits + n * terms.width;
        float* slopes = to.slopes == nullptr ? nullptr : to.slopes + n * terms.width;
        const int32_t label = run.labels == nullptr ? -1 : run.labels[n];
        double* scratch = to.scratch + n * 2 * terms.width;
        to.losses[n] = to.hits[n] = 0;
        if (label < 0) {
            if (slopes != nullptr) std::fill(slopes, slopes + terms.width, 0.0f);
            continue;
        }
        const double own = terms.loss->ofRow(terms, row, label, slopes, scratch), share = shareOf(run, n);
        to.losses[n] = share == 1 ? own : mixIn(terms, row, run.mix.labels[n], share, own, slopes, scratch);
        to.hits[n] = isHit(row, label, terms.width) ? 1 : 0;
    }
}

template <typename T>
void scaleSlopes(const float* slopes, T* diffLogits, int64_t count, double weight) {
    const double factor = weight > 0 ? 1 / weight : 0;
    for (int64_t i = 0; i < count; ++i) diffLogits[i] = fromFloat<T>(static_cast<float>(slopes[i] * factor));
}

LossTerms describeLoss(const Planner& plan, const Instruction& op, int logits) {
    const Dims dims = plan.dims(logits);
    demand(dims == Dims({plan.batch(), plan.program().logitCount}), "the loss needs logits [N, numbers at the Output]");
    demand(op.classWeights.empty() || static_cast<int64_t>(op.classWeights.size()) == plan.program().classes,
           "there must be one class weight a class");
    LossTerms terms;
    terms.samples = dims[0];
    terms.width = dims[1];
    terms.classWeights = op.classWeights;
    return terms;
}

double sumOf(const double* values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += values[i];
    return sum;
}

// One where the column is the label's, else zero. A single logit is that of class 1, and its negative that of class 0.
template <typename T>
void seedRows(const RunContext& run, T* diffLogits, int64_t samples, int64_t width) {
    std::fill(diffLogits, diffLogits + samples * width, fromFloat<T>(0));
    if (run.labels == nullptr) return;
    for (int64_t n = 0; n < samples; ++n) {
        const int32_t label = run.labels[n];
        if (label < 0) continue;
        if (width == 1) diffLogits[n] = fromFloat<T>(label == 1 ? 1.0f : -1.0f);
        else diffLogits[n * width + label] = fromFloat<T>(1);
    }
}

}  // namespace

void planLossForward(Planner& plan, const Instruction& op) {
    LossTerms terms = describeLoss(plan, op, op.logits);
    terms.loss = &lossNamed(op.kind);
    terms.smoothing = op.labelSmoothing;
    terms.gamma = op.exponent;
    terms.alpha = op.alpha;
    demand(terms.width > 1 || terms.loss->takesOneLogit, "this loss needs an output for each class");
    const int from = plan.readPlain(op.logits, DataType::f32).buffer;
    const size_t samples = static_cast<size_t>(terms.samples);
    const int losses = plan.scratchBytes(samples * sizeof(double)), hits = plan.scratchBytes(samples * sizeof(double));
    const int scratch = plan.scratchBytes(samples * 2 * static_cast<size_t>(terms.width) * sizeof(double));
    std::vector<int> touched = {from, losses, hits, scratch};
    int slopes = kNone;
    if (op.slopes != kNone) {
        demand(plan.dims(op.slopes) == plan.dims(op.logits), "the slopes have another shape than the logits");
        slopes = plan.write(op.slopes, plainDesc(plan.dims(op.logits), DataType::f32)).buffer;
        touched.push_back(slopes);
    }
    double* metrics = plan.lent().metrics;
    plan.addKernel("lossForward " + op.node, touched, [=](const RunContext& run) {
        float* into = slopes == kNone ? nullptr : run.at<float>(slopes);
        double* each = run.at<double>(losses);
        lossOfSamples({run.at<float>(from), into, run.at<double>(scratch), each, run.at<double>(hits)}, run, terms);
        const double weight = totalWeight(run, terms);
        metrics[0] = weight > 0 ? sumOf(each, terms.samples) / weight : std::nan("");
        metrics[1] = sumOf(run.at<double>(hits), terms.samples);
    });
}

void planLossBackward(Planner& plan, const Instruction& op) {
    const LossTerms terms = describeLoss(plan, op, op.diffLogits);
    const int slopes = plan.readPlain(op.slopes, DataType::f32).buffer;
    const Value diffLogits = plan.write(op.diffLogits, plainDesc(plan.dims(op.diffLogits), plan.computeType()));
    const bool bf16 = plan.computeType() == DataType::bf16;
    const int into = diffLogits.buffer;
    const int64_t count = terms.samples * terms.width;
    plan.addKernel("lossBackward " + op.node, {slopes, into}, [=](const RunContext& run) {
        const double weight = totalWeight(run, terms);
        if (bf16) {
            scaleSlopes(run.at<float>(slopes), run.at<Bf16>(into), count, weight);
        } else {
            scaleSlopes(run.at<float>(slopes), run.at<float>(into), count, weight);
        }
    });
}

void planSeedLogit(Planner& plan, const Instruction& op) {
    const LossTerms terms = describeLoss(plan, op, op.diffLogits);
    const Value diffLogits = plan.write(op.diffLogits, plainDesc(plan.dims(op.diffLogits), plan.computeType()));
    const bool bf16 = plan.computeType() == DataType::bf16;
    const int into = diffLogits.buffer;
    plan.addKernel("seedLogit " + op.node, {into},
                   [=, samples = terms.samples, width = terms.width](const RunContext& run) {
                       if (bf16) {
                           seedRows(run, run.at<Bf16>(into), samples, width);
                       } else {
                           seedRows(run, run.at<float>(into), samples, width);
                       }
                   });
}

}  // namespace normlab
