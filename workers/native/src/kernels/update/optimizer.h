// An optimizer in the native engine: a row of the table in optimizers.cc, defined in its own file: sgd.cc, rmsprop.cc,
// adam.cc, lion.cc. Each file opens with its formula; the page in core/optimizers has the paper, the defaults and the
// reference step. w weight, g gradient, t number of the update from 1, lr learning rate times the factor of the
// weight's block, multiplied in double; l1 and l2 are 0 for weights that do not decay.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace normlab {

// An optimizer's coefficients by name, as in `OptimizerPlan.coefficients` (core/program/optimizer.ts); flags are 0 or
// 1.
class Coefficients {
   public:
    void set(const std::string& name, double value) { values_[name] = value; }
    // Throws Failure for an unknown name.
    double at(const std::string& name) const;
    bool flag(const std::string& name) const { return at(name) != 0; }

   private:
    std::map<std::string, double> values_;
};

constexpr size_t kMostMoments = 4;

// Consecutive weights with the same settings, at most kUpdatePiece, with their gradients and moments.
constexpr int64_t kUpdatePiece = 4096;
struct UpdatePiece {
    float* w = nullptr;
    const float* g = nullptr;
    float* moments[kMostMoments] = {};  // in the order of OptimizerRow::moments
    int64_t count = 0;
    float l1 = 0, l2 = 0;
    double rateFactor = 1;  // multiplies the learning rate of `begin`
};

class Optimizer {
   public:
    virtual ~Optimizer() = default;
    // Called once per update, before its pieces.
    virtual void begin(double learningRate, double step) = 0;
    // Updates the weights and moments of a piece in place. Several threads call it concurrently for different pieces.
    virtual void update(const UpdatePiece& piece) const = 0;
};

struct OptimizerRow {
    const char* name;
    // Names of the moments that it needs with these coefficients, in the order of the state.
    std::vector<std::string> (*moments)(const Coefficients& coefficients);
    std::unique_ptr<Optimizer> (*make)(const Coefficients& coefficients);
};

// The optimizer of this name; null for an unknown name.
const OptimizerRow* optimizerNamed(const std::string& name);

// -1, 0 or 1.
inline float signOf(float value) {
    return static_cast<float>((value > 0) - (value < 0));
}

}  // namespace normlab
