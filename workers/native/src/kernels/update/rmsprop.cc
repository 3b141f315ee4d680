// RMSprop, as torch.optim.RMSprop; v mean square, a mean, b momentum:
//   g += l2*w + l1*sign(w) ; v = alpha*v + (1-alpha)*g^2 ; centred: a = alpha*a + (1-alpha)*g, else a = 0
//   d = g / (sqrt(max(0, v - a^2)) + eps) ; with momentum: b = momentum*b + d, d = b ; w -= lr*d
// `freshAlpha` is 1 - alpha rounded from double (see adam.cc); v += freshAlpha * (g^2 - v).
#include <algorithm>
#include <cmath>

#include "kernels/lanes/multiversion.h"
#include "kernels/update/optimizer.h"

namespace normlab {
namespace {

struct Step {
    float rate, freshAlpha, epsilon, momentum, l1, l2;
};

// Writes the direction to `d`. `a` is null unless centred.
NORMLAB_BY_LEVEL(void, directions,
                 (const float* w, const float* gradient, float* v, float* a, float* d, int64_t count, Step s),
                 (w, gradient, v, a, d, count, s), {
                     if (a == nullptr) {
                         for (int64_t i = 0; i < count; ++i) {
                             const float g = gradient[i] + s.l2 * w[i] + s.l1 * signOf(w[i]);
                             v[i] += s.freshAlpha * (g * g - v[i]);
                             d[i] = g / (std::sqrt(v[i]) + s.epsilon);
                         }
                         return;
                     }
                     for (int64_t i = 0; i < count; ++i) {
                         const float g = gradient[i] + s.l2 * w[i] + s.l1 * signOf(w[i]);
                         v[i] += s.freshAlpha * (g * g - v[i]);
                         a[i] += s.freshAlpha * (g - a[i]);
                         d[i] = g / (std::sqrt(std::max(0.0f, v[i] - a[i] * a[i])) + s.epsilon);
                     }
                 })

// `b` is null without momentum.
NORMLAB_BY_LEVEL(void, move, (float* w, const float* d, float* b, int64_t count, Step s), (w, d, b, count, s), {
    if (b == nullptr) {
        for (int64_t i = 0; i < count; ++i) w[i] -= s.rate * d[i];
        return;
    }
    for (int64_t i = 0; i < count; ++i) {
        b[i] = s.momentum * b[i] + d[i];
        w[i] -= s.rate * b[i];
    }
})

class Rmsprop : public Optimizer {
   public:
    explicit Rmsprop(const Coefficients& coefficients)
        : freshAlpha_(static_cast<float>(1 - coefficients.at("alpha"))),
          epsilon_(static_cast<float>(coefficients.at("epsilon"))),
          momentum_(static_cast<float>(coefficients.at("momentum"))),
          hasMomentum_(coefficients.at("momentum") != 0),
          centered_(coefficients.flag("centered")) {}

    void begin(double learningRate, double) override { rate_ = learningRate; }

    void update(const UpdatePiece& piece) const override {
        float d[kUpdatePiece];
        const float rate = static_cast<float>(rate_ * piece.rateFactor);
        const Step step{rate, freshAlpha_, epsilon_, momentum_, piece.l1, piece.l2};
        float* a = centered_ ? piece.moments[1] : nullptr;
        float* b = !hasMomentum_ ? nullptr : piece.moments[centered_ ? 2 : 1];
        directions(piece.w, piece.g, piece.moments[0], a, d, piece.count, step);
        move(piece.w, d, b, piece.count, step);
    }

   private:
    const float freshAlpha_, epsilon_, momentum_;
    const bool hasMomentum_, centered_;
    double rate_ = 0;
};

std::vector<std::string> momentsOf(const Coefficients& coefficients) {
    std::vector<std::string> out = {"meanSquare"};
    if (coefficients.flag("centered")) out.emplace_back("mean");
    if (coefficients.at("momentum") != 0) out.emplace_back("momentum");
    return out;
}

}  // namespace

extern const OptimizerRow kRmsprop;
const OptimizerRow kRmsprop = {
    "rmsprop",
    momentsOf,
    [](const Coefficients& coefficients) -> std::unique_ptr<Optimizer> {
        return std::make_unique<Rmsprop>(coefficients);
    },
};

}  // namespace normlab
