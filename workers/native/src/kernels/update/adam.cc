// Adam and AdamW, as torch.optim.Adam and torch.optim.AdamW; m mean, v mean square:
//   adam   g += l2*w + l1*sign(w) ; m = beta1*m + (1-beta1)*g ; v = beta2*v + (1-beta2)*g^2
//          w -= lr/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + eps)
//   adamw  g += l1*sign(w) ; w -= lr*l2*w ; then as adam
//
// `fresh1` is 1 - beta1, the weight of the new value, computed in double and rounded: the difference of two floats
// would have a relative error of 1e-5 at 0.999. m += fresh1 * (g - m) uses it in every step.
#include <cmath>

#include "kernels/lanes/multiversion.h"
#include "kernels/update/optimizer.h"

namespace normlab {
namespace {

struct Step {
    float rate, correctedRate, fresh1, fresh2, epsilon, rootCorrection, l1, l2;
    bool decoupled;
};

NORMLAB_BY_LEVEL(void, move, (float* w, const float* gradient, float* m, float* v, int64_t count, Step s),
                 (w, gradient, m, v, count, s), {
                     const float inGradient = s.decoupled ? 0 : s.l2, keep = s.decoupled ? 1 - s.rate * s.l2 : 1;
                     for (int64_t i = 0; i < count; ++i) {
                         const float g = gradient[i] + inGradient * w[i] + s.l1 * signOf(w[i]);
                         m[i] += s.fresh1 * (g - m[i]);
                         v[i] += s.fresh2 * (g * g - v[i]);
                         w[i] = keep * w[i] - s.correctedRate * m[i] / (std::sqrt(v[i]) * s.rootCorrection + s.epsilon);
                     }
                 })

class Adam : public Optimizer {
   public:
    // `decoupled`: AdamW, whose weight decay is not part of the gradient.
    Adam(const Coefficients& coefficients, bool decoupled)
        : beta1_(coefficients.at("beta1")),
          beta2_(coefficients.at("beta2")),
          epsilon_(static_cast<float>(coefficients.at("epsilon"))),
          decoupled_(decoupled) {}

    void begin(double learningRate, double step) override {
        rate_ = learningRate;
        correctedRate_ = learningRate / (1 - std::pow(beta1_, step));
        rootCorrection_ = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2_, step)));
    }

    void update(const UpdatePiece& piece) const override {
        const Step step{static_cast<float>(rate_ * piece.rateFactor),
                        static_cast<float>(correctedRate_ * piece.rateFactor),
                        static_cast<float>(1 - beta1_),
                        static_cast<float>(1 - beta2_),
                        epsilon_,
                        rootCorrection_,
                        piece.l1,
                        piece.l2,
                        decoupled_};
        move(piece.w, piece.g, piece.moments[0], piece.moments[1], piece.count, step);
    }

   private:
    const double beta1_, beta2_;
    const float epsilon_;
    const bool decoupled_;
    double rate_ = 0, correctedRate_ = 0;
    float rootCorrection_ = 0;
};

std::vector<std::string> momentsOf(const Coefficients&) {
    return {"mean", "meanSquare"};
}

}  // namespace

extern const OptimizerRow kAdam, kAdamw;
const OptimizerRow kAdam = {
    "adam",
    momentsOf,
    [](const Coefficients& coefficients) -> std::unique_ptr<Optimizer> {
        return std::make_unique<Adam>(coefficients, false);
    },
};
const OptimizerRow kAdamw = {
    "adamw",
    momentsOf,
    [](const Coefficients& coefficients) -> std::unique_ptr<Optimizer> {
        return std::make_unique<Adam>(coefficients, true);
    },
};

}  // namespace normlab
