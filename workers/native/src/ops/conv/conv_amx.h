// Shared by the planners of our AMX convolutions.
#pragma once

#include <optional>

#include "ops/conv/sample_stream.h"
#include "ops/shared/conv_amx_forms.h"
#include "ops/shared/ops.h"

namespace normlab {

// A convolution's source: as stored, reordered where our loops do not support its layout, or computed on the fly.
SampleSource ownSourceOf(Planner& plan, int tensor);
// Samples that a thread processes at a time, each of `bytes`, preferably a multiple of `group`.
int64_t samplesTogether(int64_t samples, int64_t group, int64_t bytes);

// A forward pass or data gradient: its buffers, and the working memory of a thread.
struct TilesPass {
    AmxConv work;
    SampleSource src;
    int dst = -1, packed = -1, bias = -1, memory = -1;
    int64_t together = 1;
    std::optional<SampleWork> epilogue;  // work on samples just written

    int64_t threadBytes() const { return work.threadBytes() + onTheFlyBytes(src, together); }
    std::vector<int> touched() const;
};

// Plans the pass from `src` to the output `to`, with packed weights, but without its working memory.
std::optional<TilesPass> planTiles(Planner& plan, const Instruction& op, const SampleSource& src, int to,
                                   bool backward);
// Convolves the samples of `chunk` from `src`. `prefetches`: what the thread reads next.
void convolveSamples(const RunContext& run, const TilesPass& pass, const SampleChunk& chunk, const Bf16* src,
                     const PrefetchList& prefetches, char* memory);

// Plans both gradients, or the weight gradient alone, in one loop over the samples.
void planJoint(Planner& plan, const Instruction& weights, const Instruction* data);

// Plan with our AMX tiles; false where CPU, precision or shapes are not supported.
bool planOwnConvForward(Planner& plan, const Instruction& op);
bool planOwnConvBackwardData(Planner& plan, const Instruction& op);
bool planOwnConvWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
