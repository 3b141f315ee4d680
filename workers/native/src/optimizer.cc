// The update, one pass over the lent state; w weight, g gradient, b/m/v moments, t step from 1 (torch.optim.SGD, Adam, AdamW):
//   sgd    g += l2*w + l1*sign(w) ; b = momentum*b + g ; w -= lr * (nesterov ? g + momentum*b : b)
//   adam   g += l2*w + l1*sign(w) ; m = beta1*m + (1-beta1)*g ; v = beta2*v + (1-beta2)*g^2
//          w -= lr/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + eps)
//   adamw  g += l1*sign(w) ; w -= lr*l2*w ; then as adam
// l1 and l2 act on decayed slots only; frozen slots are skipped.
#include <algorithm>
#include <cmath>

#include "multiversion.h"
#include "ops.h"

namespace normlab {
namespace {

// Slots that lie side by side and are treated alike.
struct Range {
    int64_t begin, end;
    bool decayed;
};

struct SgdStep {
    float rate, momentum, l1, l2;
    bool nesterov;
};

struct AdamStep {
    float rate, correctedRate, beta1, beta2, epsilon, rootCorrection, l1, l2;
    bool decoupled;
};

inline float sign(float value) {
    return static_cast<float>((value > 0) - (value < 0));
}

NORMLAB_MULTIVERSION void sgdPlain(float* w, const float* gradient, int64_t count, SgdStep s) {
    for (int64_t i = 0; i < count; ++i) w[i] -= s.rate * (gradient[i] + s.l2 * w[i] + s.l1 * sign(w[i]));
}

NORMLAB_MULTIVERSION void sgdMomentum(float* w, const float* gradient, float* b, int64_t count, SgdStep s) {
    const float ahead = s.nesterov ? s.momentum : 1, direct = s.nesterov ? 1 : 0;
    for (int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] + s.l2 * w[i] + s.l1 * sign(w[i]);
        b[i] = s.momentum * b[i] + g;
        w[i] -= s.rate * (direct * g + ahead * b[i]);
    }
}

NORMLAB_MULTIVERSION void adam(float* w, const float* gradient, float* m, float* v, int64_t count, AdamStep s) {
    const float inGradient = s.decoupled ? 0 : s.l2, keep = s.decoupled ? 1 - s.rate * s.l2 : 1;
    for (int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] + inGradient * w[i] + s.l1 * sign(w[i]);
        m[i] = s.beta1 * m[i] + (1 - s.beta1) * g;
        v[i] = s.beta2 * v[i] + (1 - s.beta2) * g * g;
        w[i] = keep * w[i] - s.correctedRate * m[i] / (std::sqrt(v[i]) * s.rootCorrection + s.epsilon);
    }
}

std::vector<Range> trainableRanges(const StateLayout& state) {
    std::vector<ParameterSlot> slots = state.parameters;
    std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    std::vector<Range> out;
    for (const ParameterSlot& slot : slots) {
        if (!slot.trainable) continue;
        const bool joins = !out.empty() && out.back().end == slot.offset && out.back().decayed == slot.decayed;
        if (joins) {
            out.back().end += slot.size;
        } else {
            out.push_back({slot.offset, slot.offset + slot.size, slot.decayed});
        }
    }
    return out;
}

// Calls update(begin, count, decayed) for pieces of all ranges, in parallel; every element is updated by itself.
template <typename Update>
void forPieces(const std::vector<Range>& ranges, Update update) {
    constexpr int64_t kPiece = 8192;
#pragma omp parallel
    for (const Range& range : ranges) {
        const int64_t pieces = (range.end - range.begin + kPiece - 1) / kPiece;
#pragma omp for schedule(static) nowait
        for (int64_t piece = 0; piece < pieces; ++piece) {
            const int64_t begin = range.begin + piece * kPiece;
            update(begin, std::min(kPiece, range.end - begin), range.decayed);
        }
    }
}

Kernel sgdKernel(const OptimizerPlan& plan, std::vector<Range> ranges, float* state, const float* gradients,
                 const std::vector<int64_t>& moments) {
    float* moment = moments.empty() ? nullptr : state + moments[0];
    return [=, ranges = std::move(ranges)](const RunContext& run) {
        const float rate = static_cast<float>(run.scalars.learningRate);
        forPieces(ranges, [&](int64_t at, int64_t count, bool decayed) {
            const float l1 = decayed ? static_cast<float>(plan.l1) : 0, l2 = decayed ? static_cast<float>(plan.l2) : 0;
            const SgdStep step{rate, static_cast<float>(plan.momentum), l1, l2, plan.nesterov};
            if (moment == nullptr) {
                sgdPlain(state + at, gradients + at, count, step);
            } else {
                sgdMomentum(state + at, gradients + at, moment + at, count, step);
            }
        });
    };
}

AdamStep adamStep(const OptimizerPlan& plan, const StepScalars& scalars) {
    const double first = 1 - std::pow(plan.beta1, scalars.step), second = 1 - std::pow(plan.beta2, scalars.step);
    AdamStep out{};
    out.rate = static_cast<float>(scalars.learningRate);
    out.correctedRate = static_cast<float>(scalars.learningRate / first);
    out.beta1 = static_cast<float>(plan.beta1);
    out.beta2 = static_cast<float>(plan.beta2);
    out.epsilon = static_cast<float>(plan.epsilon);
    out.rootCorrection = static_cast<float>(1 / std::sqrt(second));
    out.decoupled = plan.kind == OptimizerKind::adamw;
    return out;
}

Kernel adamKernel(const OptimizerPlan& plan, std::vector<Range> ranges, float* state, const float* gradients,
                  const std::vector<int64_t>& moments) {
    float* first = state + moments[0];
    float* second = state + moments[1];
    return [=, ranges = std::move(ranges)](const RunContext& run) {
        const AdamStep base = adamStep(plan, run.scalars);
        forPieces(ranges, [&](int64_t at, int64_t count, bool decayed) {
            AdamStep step = base;
            step.l1 = decayed ? static_cast<float>(plan.l1) : 0;
            step.l2 = decayed ? static_cast<float>(plan.l2) : 0;
            adam(state + at, gradients + at, first + at, second + at, count, step);
        });
    };
}

}  // namespace

void planUpdate(Planner& plan) {
    const OptimizerPlan& optimizer = plan.program().optimizer;
    if (optimizer.kind == OptimizerKind::none) return;
    const Lent& lent = plan.lent();
    const std::vector<int64_t>& moments = plan.program().state.momentOffsets;
    std::vector<Range> ranges = trainableRanges(plan.program().state);
    const bool isSgd = optimizer.kind == OptimizerKind::sgd;
    plan.addKernel("update", {},
                   isSgd ? sgdKernel(optimizer, std::move(ranges), lent.state, lent.gradients, moments)
                         : adamKernel(optimizer, std::move(ranges), lent.state, lent.gradients, moments));
}

}  // namespace normlab
