// What planning one instruction passes on to later ones, once layouts and buffers are known. (Facts that follow from
// the program alone are in fusions.h.) It lives as long as the planner. Each entry is written once, by the instruction
// that its function names, before its readers are planned.
#pragma once

#include <map>
#include <optional>

#include "kernels/norm/norm_kernels.h"
#include "run/step.h"

namespace normlab {

// A normalized tensor that is never stored: its readers normalize `src` as they load it, with the NormLanes in `lanes`.
struct UnstoredNorm {
    Value src;
    int lanes = -1;
    NormActivation activation = NormActivation::none;
};

// Buffers of a batchNormBackward whose sums are computed in the epilogue of its gradient's writer. `passedOn`: the
// gradient before the ReLU, or -1 unless the norm is rectified.
struct StartedSums {
    int sums = -1, passedOn = -1;
};

class Handovers {
   public:
    // A tensor that its readers compute on the fly, a few samples at a time. Written by a batch normalization, forward
    // or backward, in bf16; read by convolutions. If it has a buffer, the first reader stores it, and it is then an
    // ordinary tensor.
    void makeOnTheFly(int tensor, SampleSource source) { onTheFly_[tensor] = std::move(source); }
    const SampleSource* onTheFly(int tensor) const { return find(onTheFly_, tensor); }
    std::optional<SampleSource> takeOnTheFly(int tensor);

    // The same in f32. Written by a batchNormForward; read by Winograd convolutions.
    void leaveUnstored(int tensor, const UnstoredNorm& norm) { unstored_[tensor] = norm; }
    const UnstoredNorm* unstored(int tensor) const { return find(unstored_, tensor); }

    // The buffer of a tensor's per-sample statistics. Written by the convolution that writes the tensor; read by its
    // batchNormForward.
    void startStatistics(int tensor, int sums) { statistics_[tensor] = sums; }
    int startedStatistics(int tensor) const { return valueOr(statistics_, tensor, -1); }

    // By index of the batchNormBackward. Written by the convolution that writes the gradient; read by the norm.
    void startSums(int backward, const StartedSums& sums) { sums_[backward] = sums; }
    const StartedSums* startedSums(int backward) const { return find(sums_, backward); }

    // The buffer of a normalization's coefficients. Written by its batchNormForward; read by the step that computes the
    // sums of its backward half.
    void keepLanes(int forward, int lanes) { lanes_[forward] = lanes; }
    int lanesOf(int forward) const { return valueOr(lanes_, forward, -1); }

    // The weight gradient that is planned together with the data gradient at `data`. Written by the convBackwardWeights
    // at `weights`; read by the convBackwardData.
    void deferWeights(int data, int weights) { weights_[data] = weights; }
    int deferredWeights(int data) const { return valueOr(weights_, data, -1); }

   private:
    template <typename Entry>
    static const Entry* find(const std::map<int, Entry>& entries, int key) {
        const auto at = entries.find(key);
        return at == entries.end() ? nullptr : &at->second;
    }
    static int valueOr(const std::map<int, int>& entries, int key, int fallback) {
        const int* value = find(entries, key);
        return value == nullptr ? fallback : *value;
    }

    std::map<int, SampleSource> onTheFly_;
    std::map<int, UnstoredNorm> unstored_;
    std::map<int, StartedSums> sums_;
    std::map<int, int> statistics_, lanes_, weights_;
};

inline std::optional<SampleSource> Handovers::takeOnTheFly(int tensor) {
    const auto at = onTheFly_.find(tensor);
    if (at == onTheFly_.end()) return std::nullopt;
    const SampleSource source = at->second;
    if (source.buffer >= 0) onTheFly_.erase(at);
    return source;
}

}  // namespace normlab
