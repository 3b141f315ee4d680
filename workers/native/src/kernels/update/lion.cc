// Lion (Chen et al. 2023); m momentum:
//   g += l1*sign(w) ; w -= lr * (sign(beta1*m + (1-beta1)*g) + l2*w) ; m = beta2*m + (1-beta2)*g
// `fresh1` and `fresh2` are 1 - beta rounded from double (see adam.cc); m += fresh2 * (g - m).
#include "kernels/lanes/multiversion.h"
#include "kernels/update/optimizer.h"

namespace normlab {
namespace {

struct Step {
    float rate, fresh1, fresh2, l1, l2;
};

NORMLAB_BY_LEVEL(void, move, (float* w, const float* gradient, float* m, int64_t count, Step s),
                 (w, gradient, m, count, s), {
                     for (int64_t i = 0; i < count; ++i) {
                         const float g = gradient[i] + s.l1 * signOf(w[i]);
                         const float direction = signOf(m[i] + s.fresh1 * (g - m[i]));
                         w[i] -= s.rate * (direction + s.l2 * w[i]);
                         m[i] += s.fresh2 * (g - m[i]);
                     }
                 })

class Lion : public Optimizer {
   public:
    explicit Lion(const Coefficients& coefficients)
        : fresh1_(static_cast<float>(1 - coefficients.at("beta1"))),
          fresh2_(static_cast<float>(1 - coefficients.at("beta2"))) {}

    void begin(double learningRate, double) override { rate_ = learningRate; }

    void update(const UpdatePiece& piece) const override {
        const float rate = static_cast<float>(rate_ * piece.rateFactor);
        move(piece.w, piece.g, piece.moments[0], piece.count, {rate, fresh1_, fresh2_, piece.l1, piece.l2});
    }

   private:
    const float fresh1_, fresh2_;
    double rate_ = 0;
};

}  // namespace

extern const OptimizerRow kLion;
const OptimizerRow kLion = {
    "lion",
    [](const Coefficients&) { return std::vector<std::string>{"momentum"}; },
    [](const Coefficients& coefficients) -> std::unique_ptr<Optimizer> { return std::make_unique<Lion>(coefficients); },
};

}  // namespace normlab
