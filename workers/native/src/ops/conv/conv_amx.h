// What the planners of our own AMX convolutions share.
#pragma once

#include <optional>

#include "ops/conv/sample_stream.h"
#include "ops/shared/conv_amx_forms.h"
#include "ops/shared/ops.h"

namespace normlab {

// A convolution's source: as it stands, reordered where our loops do not walk its layout, or computed on the fly.
SampleSource ownSourceOf(Planner& plan, int tensor);
// Samples that a thread takes at a time, of `bytes` each and best in groups of `group`.
int64_t samplesTogether(int64_t samples, int64_t group, int64_t bytes);

// A forward pass or data gradient: buffers of what it works with, and the memory of a thread.
struct TilesPass {
    AmxConv work;
    SampleSource src;
    int dst = -1, packed = -1, bias = -1, memory = -1;
    int64_t together = 1;
    std::optional<SampleWork> epilogue;  // what to do with samples just written

    int64_t threadBytes() const { return work.threadBytes() + onTheFlyBytes(src, together); }
    std::vector<int> touched() const;
};

// The pass from `src` to a place for tensor `to`, weights packed; without its memory.
std::optional<TilesPass> planTiles(Planner& plan, const Instruction& op, const SampleSource& src, int to,
                                   bool backward);
// Samples of `chunk`, from `src`; `prefetches`: what the thread reads next.
void convolveSamples(const RunContext& run, const TilesPass& pass, const SampleChunk& chunk, const Bf16* src,
                     const PrefetchList& prefetches, char* memory);

// Both, or the weight gradient alone, in a walk over the samples.
void planJoint(Planner& plan, const Instruction& weights, const Instruction* data);

// With our own AMX tiles; false where CPU, precision or shapes are not for them.
bool planOwnConvForward(Planner& plan, const Instruction& op);
bool planOwnConvBackwardData(Planner& plan, const Instruction& op);
bool planOwnConvWeights(Planner& plan, const Instruction& op);

}  // namespace normlab
