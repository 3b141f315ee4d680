// Loss of one sample and its gradient at the logits, in double. The table in loss_rows.cc has a row a loss; each loss's
// page in core/losses has the formula.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace normlab {

struct LossTerms;

// Loss of a sample of class `label` (not negative). `slopes`: null, or `width` floats for its gradient. `scratch`:
// `width` doubles.
using RowLoss = double (*)(const LossTerms& terms, const float* logits, int64_t label, float* slopes, double* scratch);

struct Loss {
    const char* name;
    RowLoss ofRow;
    bool takesOneLogit;  // two classes from a single number
};

struct LossTerms {
    const Loss* loss = nullptr;
    int64_t samples = 0, width = 0;  // numbers a sample at the Output
    double smoothing = 0, gamma = 0, alpha = 1;
    std::vector<double> classWeights;  // empty: all 1

    double weight(int64_t label) const {
        if (label < 0) return 0;
        return classWeights.empty() ? 1 : classWeights[static_cast<size_t>(label)];
    }
};

// The loss of this name. Throws Failure where there is none.
const Loss& lossNamed(const std::string& name);

}  // namespace normlab
