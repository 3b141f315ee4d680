// The update: one pass over the lent state, piece by piece, so that a piece's weights, moments and averages are in the
// cache. w weight, g gradient, t number of the update from 1, e average:
//   accumulate  A = keep*A + share*g, A = share*g where keep is 0 ; after the last batch g = A
//   clip        norm: g *= min(1, limit / (|g| + 1e-6)) ; value: g = min(limit, max(-limit, g))
//   optimizer   moves w and its moments by g (kernels/update/optimizer.h)
//   average     e = d*e + (1-d)*w, d = min(decay, (1+t)/(10+t)), statistics too
// l1 and l2 apply to decayed slots only; the learning rate is multiplied by the slot's factor; frozen slots are skipped
// throughout. If the norm is not finite, the update is skipped.
#include <algorithm>
#include <cmath>
#include <map>

#include "kernels/update/gradient_loops.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

// Adjacent elements with the same settings.
struct Piece {
    int64_t begin, count;
    bool decayed;
    double rateFactor;
    int64_t startsAfter;
};

// The pieces do not depend on the number of threads, so that sums over them do not either.
std::vector<Piece> trainablePieces(const StateLayout& state) {
    std::vector<ParameterSlot> slots = state.parameters;
    std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    std::vector<Piece> out;
    for (const ParameterSlot& slot : slots) {
        if (!slot.trainable) continue;
        for (int64_t at = 0; at < slot.size;) {
            Piece* last = out.empty() ? nullptr : &out.back();
            const bool joins = last != nullptr && last->begin + last->count == slot.offset + at &&
                               last->decayed == slot.decayed && last->rateFactor == slot.rateFactor &&
                               last->startsAfter == slot.startsAfter && last->count < kUpdatePiece;
            const int64_t room = joins ? kUpdatePiece - last->count : kUpdatePiece;
            const int64_t count = std::min(room, slot.size - at);
            if (joins) {
                last->count += count;
            } else {
                out.push_back({slot.offset + at, count, slot.decayed, slot.rateFactor, slot.startsAfter});
            }
            at += count;
        }
    }
    return out;
}

// Values of one update besides the state, computed once per step.
struct StepValues {
    float clipFactor = 1;
    float averageShare = 0;
};

class Update {
   public:
    Update(const Program& program, const Lent& lent)
        : plan_(program.optimizer), layout_(program.state), lent_(lent), pieces_(trainablePieces(program.state)) {
        sums_.resize(pieces_.size());
        for (const Piece& piece : pieces_) {
            std::unique_ptr<Optimizer>& optimizer = optimizers_[piece.startsAfter];
            if (optimizer == nullptr) optimizer = plan_.optimizer->make(plan_.coefficients);
            stepOf_.push_back(optimizer.get());
        }
        for (const int64_t offset : layout_.momentOffsets) moments_.push_back(lent.state + offset);
    }

    void run(const StepScalars& scalars) {
        const float* gradients = accumulated(scalars);
        if (gradients == nullptr) return;
        StepValues values;
        values.averageShare =
            static_cast<float>(std::min(plan_.averageDecay, (1 + scalars.step) / (10 + scalars.step)));
        if (plan_.clips()) {
            const double norm = normOf(gradients);
            lent_.metrics[2] = norm;
            if (!std::isfinite(norm)) return;
            values.clipFactor = static_cast<float>(std::min(1.0, plan_.clipLimit / (norm + 1e-6)));
        }
        for (const auto& [startsAfter, optimizer] : optimizers_)
            optimizer->begin(scalars.learningRate, scalars.step - static_cast<double>(startsAfter));
#pragma omp parallel for schedule(static)
        for (size_t i = 0; i < pieces_.size(); ++i) updatePiece(pieces_[i], *stepOf_[i], gradients, values);
        averageStatistics(values);
    }

   private:
    // The gradient for the update, or null if more batches follow.
    const float* accumulated(const StepScalars& scalars) {
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

    void updatePiece(const Piece& piece, const Optimizer& optimizer, const float* gradients,
                     const StepValues& values) const {
        float clipped[kUpdatePiece];
        const float* g = gradients + piece.begin;
        if (plan_.clipping == Clipping::norm && values.clipFactor < 1) {
            scaled(clipped, g, piece.count, values.clipFactor);
            g = clipped;
        } else if (plan_.clipping == Clipping::value) {
            clamped(clipped, g, piece.count, static_cast<float>(plan_.clipLimit));
            g = clipped;
        }
        UpdatePiece work;
        work.w = lent_.state + piece.begin;
        work.g = g;
        work.count = piece.count;
        for (size_t i = 0; i < moments_.size(); ++i) work.moments[i] = moments_[i] + piece.begin;
        work.l1 = piece.decayed ? static_cast<float>(plan_.l1) : 0;
        work.l2 = piece.decayed ? static_cast<float>(plan_.l2) : 0;
        work.rateFactor = piece.rateFactor;
        optimizer.update(work);
        if (layout_.averageOffset >= 0)
            average(lent_.state + layout_.averageOffset + piece.begin, work.w, piece.count, values.averageShare);
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
    // By the number of updates before the first of their slots, which counts for the bias correction.
    std::map<int64_t, std::unique_ptr<Optimizer>> optimizers_;
    std::vector<const Optimizer*> stepOf_;  // of each piece
    std::vector<double> sums_;
    std::vector<float*> moments_;
};

}  // namespace

void planUpdate(Planner& plan) {
    if (plan.program().optimizer.optimizer == nullptr) return;
    const auto update = std::make_shared<Update>(plan.program(), plan.lent());
    plan.addKernel("update", {}, [update](const RunContext& run) { update->run(run.scalars); });
}

}  // namespace normlab
