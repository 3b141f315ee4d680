// Loss of one sample and its gradient at the logits, in double; formulas in core/backend/reference/lossRows.ts, kind by kind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace normlab {

enum class LossKind { crossEntropy, binaryCrossEntropy, focal, mse };

struct LossTerms {
    LossKind kind = LossKind::crossEntropy;
    int64_t samples = 0, width = 0;  // numbers a sample at the Output
    double smoothing = 0, gamma = 0, alpha = 1;
    std::vector<double> classWeights;  // empty: all 1

    double weight(int64_t label) const {
        if (label < 0) return 0;
        return classWeights.empty() ? 1 : classWeights[static_cast<size_t>(label)];
    }
};

// Throws Failure for a kind that does not exist.
LossKind lossKindOf(const std::string& name);

// Loss of a sample of class `label` (not negative). `slopes`: null, or `width` floats for its gradient. `scratch`: `width` doubles.
double lossOfRow(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double* scratch);

}  // namespace normlab
