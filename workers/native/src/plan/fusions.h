// All fusion patterns of a program, found before planning from the structure of the program alone: instructions that
// can run in one pass over memory because nothing else reads the tensors between them. Ops read this value and never
// change it. A pattern is used only if the layouts fit as well, which is known when its first instruction is planned:
//
//   pooled norm          BN + ReLU + MaxPool 2x2 forward, MaxPool + ReLU + BN backward: the full-size output and its
//                        gradient never exist
//   added norm           BN + Add + ReLU forward
//   rectified norm       (Add of two gradients +) ReLU + BN backward
//   on-the-fly norm      BN whose output only convolutions read: each normalizes as it loads
//   on-the-fly gradient  dx of BN that only the gradients of one convolution read: each computes it as it loads
//   joint gradients      weight and data gradient of a convolution in one loop over the samples
//   epilogue sums        statistics of BN forward, or sums of BN backward, computed by the writer of the tensor
//
// Instructions are referenced by their indices in the program, -1 for none; tensors by their ids, kNone for none.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "plan/uses.h"

namespace normlab {

struct PooledNorm {
    int norm = -1, pool = -1;              // batchNormForward, maxPoolForward
    int poolBackward = -1, backward = -1;  // maxPoolBackward, batchNormBackward; -1 outside training
};

struct AddedNorm {
    int norm = -1, sum = -1, relu = -1;
    int other = kNone;  // the second term of the sum
};

struct RectifiedNorm {
    int sum = -1;  // -1 where the gradient is a single tensor
    int relu = -1, backward = -1;
};

// The gradients of one convolution, both of the same `diffDst`; `data` is -1 where the source has no gradient.
struct ConvGradients {
    int weights = -1, data = -1;
};

// A batchNormBackward whose sums the writer of a gradient can compute, and how it reads that gradient: directly,
// through a pooling or through a ReLU.
struct GradientSums {
    int backward = -1, reader = -1;  // reader: the instruction that reads the gradient first
    std::optional<PooledNorm> pooled;
    std::optional<RectifiedNorm> rectified;
};

class Fusions {
   public:
    Fusions(const Program& program, const Uses& uses);

    // By index of the batchNormForward.
    std::optional<PooledNorm> pooledFrom(int norm) const { return found(pooledFrom_, norm); }
    std::optional<AddedNorm> addedTo(int norm) const { return found(addedTo_, norm); }
    // The convolutions that are the only readers of its output: forward passes and weight gradients, in order.
    std::vector<int> convolutionsReading(int norm) const;

    // By index of the batchNormBackward.
    std::optional<PooledNorm> pooledInto(int backward) const { return found(pooledInto_, backward); }
    std::optional<RectifiedNorm> rectifiedInto(int backward) const { return found(rectifiedInto_, backward); }
    // The gradients that are the only readers of its dx.
    std::optional<ConvGradients> gradientsReading(int backward) const { return found(gradientsReading_, backward); }

    // By index of the sum or activationBackward that begins the pattern.
    std::optional<RectifiedNorm> rectifiedFrom(int first) const { return found(rectifiedFrom_, first); }
    // By index of the convBackwardWeights: the later convBackwardData of its block that reads the same gradient; -1 if
    // there is none.
    int dataGradientOf(int weights) const;
    // By index of the backward instruction of a normalization or pooling: its forward one; -1 if there is none.
    int forwardOf(int backward) const;

    // By tensor: whether a batchNormForward computes its statistics.
    bool feedsStatistics(int tensor) const;
    // By gradient that the instruction at `writer` has written: the sums that an epilogue can compute, in order of
    // preference.
    std::vector<GradientSums> sumsOver(int gradient, int writer) const;
    // The first reader of `tensor` after the instruction at `writer`, if it is a convForward; else -1.
    int firstConvolution(int tensor, int writer) const;

   private:
    template <typename Pattern>
    static std::optional<Pattern> found(const std::map<int, Pattern>& patterns, int index) {
        const auto at = patterns.find(index);
        return at == patterns.end() ? std::nullopt : std::optional<Pattern>(at->second);
    }

    const Instruction& at(int index) const { return program_.instructions[static_cast<size_t>(index)]; }
    bool isOutput(int tensor) const;
    int onlyOther(int tensor, int index) const;
    void find(int index);
    bool isHalvingWindow(const Instruction& pool) const;
    bool findPooledBackward(const Instruction& norm, PooledNorm& out) const;
    std::optional<PooledNorm> findPooled(int norm) const;
    std::optional<AddedNorm> findAdded(int norm) const;
    std::optional<RectifiedNorm> findRectified(int first) const;
    std::optional<ConvGradients> findGradients(int backward) const;
    int findForward(int backward) const;

    const Program& program_;
    const Uses& uses_;
    std::map<int, PooledNorm> pooledFrom_, pooledInto_;
    std::map<int, AddedNorm> addedTo_;
    std::map<int, RectifiedNorm> rectifiedFrom_, rectifiedInto_;
    std::map<int, ConvGradients> gradientsReading_;
    std::map<int, int> forwardOf_;
};

}  // namespace normlab
