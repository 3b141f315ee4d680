// Stochastic gradient descent, as torch.optim.SGD; b momentum:
//   g += l2*w + l1*sign(w) ; b = momentum*b + g ; w -= lr * (nesterov ? g + momentum*b : b)
// and without momentum w -= lr*g.
#include "kernels/lanes/multiversion.h"
#include "kernels/update/optimizer.h"

namespace normlab {
namespace {

struct Step {
    float rate, momentum, l1, l2;
    bool nesterov;
};

NORMLAB_BY_LEVEL(void, plain, (float* w, const float* gradient, int64_t count, Step s), (w, gradient, count, s), {
    for (int64_t i = 0; i < count; ++i) w[i] -= s.rate * (gradient[i] + s.l2 * w[i] + s.l1 * signOf(w[i]));
})

NORMLAB_BY_LEVEL(void, withMomentum, (float* w, const float* gradient, float* b, int64_t count, Step s),
                 (w, gradient, b, count, s), {
                     const float ahead = s.nesterov ? s.momentum : 1, direct = s.nesterov ? 1 : 0;
                     for (int64_t i = 0; i < count; ++i) {
                         const float g = gradient[i] + s.l2 * w[i] + s.l1 * signOf(w[i]);
                         b[i] = s.momentum * b[i] + g;
                         w[i] -= s.rate * (direct * g + ahead * b[i]);
                     }
                 })

class Sgd : public Optimizer {
   public:
    explicit Sgd(const Coefficients& coefficients)
        : momentum_(static_cast<float>(coefficients.at("momentum"))), nesterov_(coefficients.flag("nesterov")) {}

    void begin(double learningRate, double) override { rate_ = learningRate; }

    void update(const UpdatePiece& piece) const override {
        const Step step{static_cast<float>(rate_ * piece.rateFactor), momentum_, piece.l1, piece.l2, nesterov_};
        float* b = piece.moments[0];
        if (b == nullptr) plain(piece.w, piece.g, piece.count, step);
        else withMomentum(piece.w, piece.g, b, piece.count, step);
    }

   private:
    const float momentum_;
    const bool nesterov_;
    double rate_ = 0;
};

}  // namespace

extern const OptimizerRow kSgd;
const OptimizerRow kSgd = {
    "sgd",
    [](const Coefficients& coefficients) {
        return coefficients.at("momentum") == 0 ? std::vector<std::string>{} : std::vector<std::string>{"momentum"};
    },
    [](const Coefficients& coefficients) -> std::unique_ptr<Optimizer> { return std::make_unique<Sgd>(coefficients); },
};

}  // namespace normlab
