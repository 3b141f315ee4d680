// Loss of one sample and its gradient with respect to the logits, in double. The table in loss_rows.cc has one row per
// loss; the formula is on the loss's page in core/losses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace normlab {

struct LossTerms;

// Loss of a sample of class `label` (not negative). `slopes`: null, or `width` floats for the gradient. `scratch`:
// `width` doubles.
using RowLoss = double (*)(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double* scratch);

struct Loss {
    const char* name;
    RowLoss ofRow;
    bool takesOneLogit;  // two classes from a single logit
};

struct LossTerms {
    const Loss* loss = nullptr;
    int64_t samples = 0, width = 0;  // logits per sample
    double smoothing = 0, gamma = 0, alpha = 1;
    std::vector<double> classWeights;  // empty: all 1

    double weight(int64_t label) const {
        if (label < 0) return 0;
        return classWeights.empty() ? 1 : classWeights[static_cast<size_t>(label)];
    }
};

// The loss of this name. Throws Failure for an unknown name.
const Loss& lossNamed(const std::string& name);

}  // namespace normlab
