// The update: one pass over the lent state, piece by piece, so that a piece's weights, moments and averages are touched while
// they are in the cache. w weight, g gradient, b/m/v/a moments in the order of `momentCount`, t step from 1, e average:
//   accumulate  A = (first ? 0 : A) + share*g ; behind the last batch g = A
//   clip        norm: g *= min(1, limit / (|g| + 1e-6)) ; value: g = min(limit, max(-limit, g))
//   sgd         g += l2*w + l1*sign(w) ; b = momentum*b + g ; w -= lr * (nesterov ? g + momentum*b : b)
//   rmsprop     g += l2*w + l1*sign(w) ; v = alpha*v + (1-alpha)*g^2 ; centred: a = alpha*a + (1-alpha)*g
//               d = g / (sqrt(v - a^2) + eps) ; momentum: b = momentum*b + d, d = b ; w -= lr*d
//   adam        g += l2*w + l1*sign(w) ; m = beta1*m + (1-beta1)*g ; v = beta2*v + (1-beta2)*g^2
//               w -= lr/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + eps)
//   adamw       g += l1*sign(w) ; w -= lr*l2*w ; then as adam
//   lion        g += l1*sign(w) ; w -= lr * (sign(beta1*m + (1-beta1)*g) + l2*w) ; m = beta2*m + (1-beta2)*g
//   average     e = d*e + (1-d)*w, d = min(decay, (1+t)/(10+t)), statistics too
// l1 and l2 act on decayed slots only; frozen slots are skipped. A norm that is not finite leaves the update out.
#include <algorithm>
#include <cmath>

#include "ops/ops.h"
#include "kernels/update/update_loops.h"

namespace normlab {
namespace {

constexpr int64_t kPiece = 4096;

// Elements that lie side by side and are treated alike.
struct Piece {
    int64_t begin, count;
    bool decayed;
};

// The same pieces for every thread count, so that sums over them are too.
std::vector<Piece> trainablePieces(const StateLayout& state) {
    std::vector<ParameterSlot> slots = state.parameters;
    std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    std::vector<Piece> out;
    for (const ParameterSlot& slot : slots) {
        if (!slot.trainable) continue;
        for (int64_t at = 0; at < slot.size;) {
            Piece* last = out.empty() ? nullptr : &out.back();
            const bool joins = last != nullptr && last->begin + last->count == slot.offset + at &&
                               last->decayed == slot.decayed && last->count < kPiece;
            const int64_t room = joins ? kPiece - last->count : kPiece;
            const int64_t count = std::min(room, slot.size - at);
            if (joins) {
                last->count += count;
            } else {
                out.push_back({slot.offset + at, count, slot.decayed});
            }
            at += count;
        }
    }
    return out;
}

// What one update needs beside the state, made ready once a step.
struct StepValues {
    float rate = 0, l1 = 0, l2 = 0;
    float correctedRate = 0, rootCorrection = 0;  // Adam
    float clipFactor = 1;
    float averageShare = 0;
};

class Update {
   public:
    Update(const Program& program, const Lent& lent)
        : plan_(program.optimizer), layout_(program.state), lent_(lent), pieces_(trainablePieces(program.state)) {
        sums_.resize(pieces_.size());
        for (const int64_t offset : layout_.momentOffsets) moments_.push_back(lent.state + offset);
    }

    void run(const StepScalars& scalars) {
        const float* gradients = gathered(scalars);
        if (gradients == nullptr) return;
        StepValues values = valuesOf(scalars);
        if (plan_.clips()) {
            const double norm = normOf(gradients);
            lent_.metrics[2] = norm;
            if (!std::isfinite(norm)) return;
            values.clipFactor = static_cast<float>(std::min(1.0, plan_.clipLimit / (norm + 1e-6)));
        }
#pragma omp parallel for schedule(static)
        for (size_t i = 0; i < pieces_.size(); ++i) updatePiece(pieces_[i], gradients, values);
        averageStatistics(values);
    }

   private:
    // The gradient to update by, or null when more batches are to come.
    const float* gathered(const StepScalars& scalars) {
        if (!scalars.accumulates) return lent_.gradients;
        const float share = static_cast<float>(scalars.share), keep = static_cast<float>(scalars.keep);
#pragma omp parallel for schedule(static)
        for (size_t i = 0; i < pieces_.size(); ++i) {
            const Piece& piece = pieces_[i];
            accumulate(lent_.accumulated + piece.begin, lent_.gradients + piece.begin, piece.count, share, keep);
        }
        return scalars.isLast ? lent_.accumulated : nullptr;
    }

    double normOf(const float* gradients) {
#pragma omp parallel for schedule(static)
        for (size_t i = 0; i < pieces_.size(); ++i)
            sums_[i] = sumOfSquares(gradients + pieces_[i].begin, pieces_[i].count);
        double total = 0;
        for (const double sum : sums_) total += sum;
        return std::sqrt(total);
    }

    StepValues valuesOf(const StepScalars& scalars) const {
        const double first = 1 - std::pow(plan_.beta1, scalars.step), second = 1 - std::pow(plan_.beta2, scalars.step);
        StepValues out;
        out.rate = static_cast<float>(scalars.learningRate);
        out.correctedRate = static_cast<float>(scalars.learningRate / first);
        out.rootCorrection = static_cast<float>(1 / std::sqrt(second));
        out.averageShare = static_cast<float>(std::min(plan_.averageDecay, (1 + scalars.step) / (10 + scalars.step)));
        return out;
    }

    void updatePiece(const Piece& piece, const float* gradients, StepValues values) const {
        float clipped[kPiece];
        const float* g = gradients + piece.begin;
        if (plan_.clipping == Clipping::norm && values.clipFactor < 1) {
            scaled(clipped, g, piece.count, values.clipFactor);
            g = clipped;
        } else if (plan_.clipping == Clipping::value) {
            clamped(clipped, g, piece.count, static_cast<float>(plan_.clipLimit));
            g = clipped;
        }
        values.l1 = piece.decayed ? static_cast<float>(plan_.l1) : 0;
        values.l2 = piece.decayed ? static_cast<float>(plan_.l2) : 0;
        float* w = lent_.state + piece.begin;
        move(w, g, piece, values);
        if (layout_.averageOffset >= 0)
            average(lent_.state + layout_.averageOffset + piece.begin, w, piece.count, values.averageShare);
    }

    float* moment(size_t index, const Piece& piece) const { return moments_[index] + piece.begin; }

    void move(float* w, const float* g, const Piece& piece, const StepValues& v) const {
        switch (plan_.kind) {
            case OptimizerKind::sgd: {
                const SgdStep step{v.rate, static_cast<float>(plan_.momentum), v.l1, v.l2, plan_.nesterov};
                if (moments_.empty()) return sgdPlain(w, g, piece.count, step);
                return sgdMomentum(w, g, moment(0, piece), piece.count, step);
            }
            case OptimizerKind::rmsprop:
                return rmsprop(w, g, piece, v);
            case OptimizerKind::adam:
            case OptimizerKind::adamw: {
                const AdamStep step{v.rate, v.correctedRate, static_cast<float>(1 - plan_.beta1), static_cast<float>(1 - plan_.beta2),
                                    static_cast<float>(plan_.epsilon), v.rootCorrection, v.l1, v.l2,
                                    plan_.kind == OptimizerKind::adamw};
                return adam(w, g, moment(0, piece), moment(1, piece), piece.count, step);
            }
            case OptimizerKind::lion: {
                const LionStep step{v.rate, static_cast<float>(1 - plan_.beta1), static_cast<float>(1 - plan_.beta2), v.l1, v.l2};
                return lion(w, g, moment(0, piece), piece.count, step);
            }
            case OptimizerKind::none:
                return;
        }
    }

    void rmsprop(float* w, const float* g, const Piece& piece, const StepValues& v) const {
        float directions[kPiece];
        const RmspropStep step{v.rate, static_cast<float>(1 - plan_.alpha), static_cast<float>(plan_.epsilon),
                               static_cast<float>(plan_.momentum), v.l1, v.l2};
        float* mean = plan_.centered ? moment(1, piece) : nullptr;
        float* momentum = plan_.momentum == 0 ? nullptr : moment(plan_.centered ? 2 : 1, piece);
        rmspropDirection(w, g, moment(0, piece), mean, directions, piece.count, step);
        rmspropMove(w, directions, momentum, piece.count, step);
    }

    void averageStatistics(const StepValues& values) const {
        if (layout_.averageOffset < 0) return;
        const float* from = lent_.state + layout_.statisticsOffset;
        float* to = lent_.state + layout_.averageOffset + layout_.statisticsOffset;
        average(to, from, layout_.statisticsSize, values.averageShare);
    }

    OptimizerPlan plan_;
    StateLayout layout_;
    Lent lent_;
    std::vector<Piece> pieces_;
    std::vector<double> sums_;
    std::vector<float*> moments_;
};

}  // namespace

void planUpdate(Planner& plan) {
    if (plan.program().optimizer.kind == OptimizerKind::none) return;
    const auto update = std::make_shared<Update>(plan.program(), plan.lent());
    plan.addKernel("update", {}, [update](const RunContext& run) { update->run(run.scalars); });
}

}  // namespace normlab
