// Softmax cross-entropy over f32 logits [N, K]; sums in double, the samples added in order, so that threads do not matter.
// Mean over the samples with a label (>= 0): the others have no loss and no gradient. Without any label the loss is NaN.
#include <algorithm>
#include <cmath>

#include "bf16.h"
#include "ops.h"

namespace normlab {
namespace {

struct Loss {
    int64_t samples = 0, classes = 0;
    double smoothing = 0;
};

int64_t labelledCount(const int32_t* labels, int64_t samples) {
    return labels == nullptr ? 0 : samples - std::count_if(labels, labels + samples, [](int32_t l) { return l < 0; });
}

double target(int64_t k, int32_t label, const Loss& loss) {
    return (k == label ? 1 - loss.smoothing : 0) + loss.smoothing / static_cast<double>(loss.classes);
}

// Log of the sum of exponentials of one row; writes the probabilities where they are wanted.
double softmaxRow(const float* logits, float* probabilities, int64_t classes) {
    const double largest = *std::max_element(logits, logits + classes);
    double sum = 0;
    for (int64_t k = 0; k < classes; ++k) sum += std::exp(logits[k] - largest);
    const double logSum = largest + std::log(sum);
    if (probabilities != nullptr)
        for (int64_t k = 0; k < classes; ++k)
            probabilities[k] = static_cast<float>(std::exp(logits[k] - logSum));
    return logSum;
}

double lossOfRow(const float* logits, double logSum, int32_t label, const Loss& loss) {
    if (loss.smoothing == 0) return logSum - logits[label];
    double total = 0;
    for (int64_t k = 0; k < loss.classes; ++k) total += target(k, label, loss) * (logSum - logits[k]);
    return total;
}

bool isHit(const float* logits, int32_t label, int64_t classes) {
    return std::max_element(logits, logits + classes) - logits == label;
}

// Loss of each labelled sample to `losses`, and whether it was hit to `hits`.
void lossOfSamples(const float* logits, float* probabilities, const int32_t* labels, double* losses, double* hits,
                   const Loss& loss) {
#pragma omp parallel for schedule(static)
    for (int64_t n = 0; n < loss.samples; ++n) {
        const float* row = logits + n * loss.classes;
        float* into = probabilities == nullptr ? nullptr : probabilities + n * loss.classes;
        const int32_t label = labels == nullptr ? -1 : labels[n];
        losses[n] = hits[n] = 0;
        if (label < 0 && into == nullptr) continue;
        const double logSum = softmaxRow(row, into, loss.classes);
        if (label < 0) continue;
        losses[n] = lossOfRow(row, logSum, label, loss);
        hits[n] = isHit(row, label, loss.classes) ? 1 : 0;
    }
}

template <typename T>
void lossGradient(const float* probabilities, const int32_t* labels, T* diffLogits, const Loss& loss) {
    const double count = static_cast<double>(labelledCount(labels, loss.samples));
#pragma omp parallel for schedule(static)
    for (int64_t n = 0; n < loss.samples; ++n) {
        const int32_t label = labels == nullptr ? -1 : labels[n];
        for (int64_t k = 0; k < loss.classes; ++k) {
            const int64_t i = n * loss.classes + k;
            const double gradient = label < 0 ? 0 : (probabilities[i] - target(k, label, loss)) / count;
            diffLogits[i] = fromFloat<T>(static_cast<float>(gradient));
        }
    }
}

Loss describeLoss(const Planner& plan, const Instruction& op, int logits) {
    const Dims dims = plan.dims(logits);
    demand(dims == Dims({plan.batch(), plan.program().classes}), "the loss needs logits [N, classes]");
    return {dims[0], dims[1], op.labelSmoothing};
}

double sumOf(const double* values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += values[i];
    return sum;
}

}  // namespace

void planCrossEntropyForward(Planner& plan, const Instruction& op) {
    const Loss loss = describeLoss(plan, op, op.logits);
    const Value logits = plan.readPlain(op.logits, DataType::f32);
    const int losses = plan.scratchBytes(static_cast<size_t>(loss.samples) * sizeof(double));
    const int hits = plan.scratchBytes(static_cast<size_t>(loss.samples) * sizeof(double));
    const int from = logits.buffer;
    std::vector<int> touched = {from, losses, hits};
    int probabilities = kNone;
    if (op.probabilities != kNone) {
        demand(plan.dims(op.probabilities) == plan.dims(op.logits), "the probabilities have another shape");
        probabilities = plan.write(op.probabilities, plainDesc(plan.dims(op.logits), DataType::f32)).buffer;
        touched.push_back(probabilities);
    }
    double* metrics = plan.lent().metrics;
    plan.addKernel("crossEntropyForward " + op.node, touched, [=](const RunContext& run) {
        float* into = probabilities == kNone ? nullptr : run.at<float>(probabilities);
        lossOfSamples(run.at<float>(from), into, run.labels, run.at<double>(losses), run.at<double>(hits), loss);
        const double count = static_cast<double>(labelledCount(run.labels, loss.samples));
        metrics[0] = count > 0 ? sumOf(run.at<double>(losses), loss.samples) / count : std::nan("");
        metrics[1] = sumOf(run.at<double>(hits), loss.samples);
    });
}

void planCrossEntropyBackward(Planner& plan, const Instruction& op) {
    const Loss loss = describeLoss(plan, op, op.diffLogits);
    const int probabilities = plan.readPlain(op.probabilities, DataType::f32).buffer;
    const Value diffLogits = plan.write(op.diffLogits, plainDesc(plan.dims(op.diffLogits), plan.computeType()));
    const bool bf16 = plan.computeType() == DataType::bf16;
    const int into = diffLogits.buffer;
    plan.addKernel("crossEntropyBackward " + op.node, {probabilities, into}, [=](const RunContext& run) {
        if (bf16) {
            lossGradient(run.at<float>(probabilities), run.labels, run.at<Bf16>(into), loss);
        } else {
            lossGradient(run.at<float>(probabilities), run.labels, run.at<float>(into), loss);
        }
    });
}

}  // namespace normlab
