#include "kernels/loss/loss_rows.h"

#include <algorithm>
#include <cmath>

#include "base/status.h"

namespace normlab {
namespace {

double softTarget(const LossTerms& terms, int64_t k, int64_t label) {
    return (k == label ? 1 - terms.smoothing : 0) + terms.smoothing / static_cast<double>(terms.width);
}

double hardTarget(const LossTerms& terms, int64_t k, int64_t label) {
    const bool isOne = terms.width == 1 ? label == 1 : k == label;
    return (isOne ? 1 - terms.smoothing : 0) + terms.smoothing / 2;
}

// Log of the sum of exponentials; the maximum is subtracted first so that nothing overflows.
double logSumExp(const float* logits, int64_t count) {
    const double largest = *std::max_element(logits, logits + count);
    double sum = 0;
    for (int64_t k = 0; k < count; ++k) sum += std::exp(logits[k] - largest);
    return largest + std::log(sum);
}

double softplus(double z) {
    return std::max(z, 0.0) + std::log1p(std::exp(-std::fabs(z)));
}

double sigmoid(double z) {
    return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}

// gamma * x^(gamma-1); 0 at x = 0, where its factor is 0 too.
double powerSlope(double x, double gamma) {
    return gamma == 0 || x <= 0 ? 0 : gamma * std::pow(x, gamma - 1);
}

void store(float* slopes, int64_t k, double value) {
    if (slopes != nullptr) slopes[k] = static_cast<float>(value);
}

double crossEntropy(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double* scratch) {
    const double logSum = logSumExp(logits, terms.width);
    if (slopes == nullptr && terms.smoothing == 0) return terms.weight(label) * (logSum - logits[label]);
    double loss = 0, whole = 0;
    for (int64_t k = 0; k < terms.width; ++k) {
        scratch[k] = terms.weight(k) * softTarget(terms, k, label);
        whole += scratch[k];
        loss -= scratch[k] * (logits[k] - logSum);
    }
    for (int64_t k = 0; k < terms.width; ++k) store(slopes, k, std::exp(logits[k] - logSum) * whole - scratch[k]);
    return loss;
}

double softmaxFocal(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double* scratch) {
    const double logSum = logSumExp(logits, terms.width);
    double loss = 0, whole = 0;
    for (int64_t k = 0; k < terms.width; ++k) {
        const double factor = terms.alpha * terms.weight(k) * softTarget(terms, k, label);
        const double logP = logits[k] - logSum, p = std::exp(logP), rest = -std::expm1(logP);
        const double easy = std::pow(rest, terms.gamma);
        loss -= factor * easy * logP;
        scratch[k] = factor * (powerSlope(rest, terms.gamma) * p * logP - easy);
        whole += scratch[k];
    }
    for (int64_t k = 0; k < terms.width; ++k) store(slopes, k, scratch[k] - std::exp(logits[k] - logSum) * whole);
    return loss;
}

double binaryFocal(const LossTerms& terms, const float* logits, int64_t label, float* slopes) {
    const double z = logits[0], t = hardTarget(terms, 0, label);
    const double p = sigmoid(z), rest = sigmoid(-z), missed = t * rest + (1 - t) * p;
    const double cost = softplus(z) - t * z, easy = std::pow(missed, terms.gamma);
    const double factor = terms.weight(label) * (terms.alpha * t + (1 - terms.alpha) * (1 - t));
    const double bend = powerSlope(missed, terms.gamma) * (2 * t - 1) * p * rest * cost;
    store(slopes, 0, factor * (easy * (p - t) - bend));
    return factor * easy * cost;
}

double focal(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double* scratch) {
    return terms.width == 1 ? binaryFocal(terms, logits, label, slopes)
                            : softmaxFocal(terms, logits, label, slopes, scratch);
}

double binaryCrossEntropy(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double*) {
    const double share = terms.weight(label) / static_cast<double>(terms.width);
    double loss = 0;
    for (int64_t k = 0; k < terms.width; ++k) {
        const double t = hardTarget(terms, k, label);
        loss += share * (softplus(logits[k]) - t * logits[k]);
        store(slopes, k, share * (sigmoid(logits[k]) - t));
    }
    return loss;
}

double meanSquare(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double*) {
    const double share = terms.weight(label) / static_cast<double>(terms.width);
    double loss = 0;
    for (int64_t k = 0; k < terms.width; ++k) {
        const double miss = logits[k] - softTarget(terms, k, label);
        loss += share * miss * miss;
        store(slopes, k, 2 * share * miss);
    }
    return loss;
}

}  // namespace

const Loss& lossNamed(const std::string& name) {
    static constexpr Loss kLosses[] = {
        {"crossEntropy", crossEntropy, false},
        {"binaryCrossEntropy", binaryCrossEntropy, true},
        {"focal", focal, true},
        {"mse", meanSquare, false},
    };
    for (const Loss& loss : kLosses)
        if (name == loss.name) return loss;
    throw Failure("loss kind '" + name + "' is unknown to the native backend");
}

}  // namespace normlab
