// A plan bound to memory. Our code allocates no memory during a run.
#pragma once

#include <memory>

#include "run/arena.h"
#include "run/session.h"
#include "run/step.h"

namespace normlab {

class Executor {
   public:
    // `threads` must equal those of the plan. Throws Failure if the arena cannot be allocated.
    Executor(Plan plan, std::shared_ptr<Session> session);
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    // Runs one step. `profile`: null, or an array to which the seconds of each entry are added. Throws Failure naming
    // the failed step.
    void run(const StepScalars& scalars, const void* images, const int32_t* labels, const Mix& mix, double* profile);
    size_t arenaBytes() const { return arena_->bytes() + kept_->bytes(); }
    const std::vector<Step>& steps() const { return steps_; }

   private:
    // A primitive's arguments for the C interface: built once, so that a run creates no map.
    struct Bound {
        std::vector<dnnl::memory> memories;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    void layOut(std::vector<Buffer>& buffers);
    std::unique_ptr<Arena> place(const std::vector<Buffer>& buffers, bool kept);
    void bind(const std::vector<Buffer>& buffers);
    void execute(size_t index, const RunContext& context);

    std::shared_ptr<Session> session_;
    std::vector<Step> steps_;
    std::vector<void*> pointers_;
    std::unique_ptr<Arena> arena_, kept_;
    const bool keepsWeights_;
    bool weightsReady_ = false;
    std::vector<Bound> bound_;
    // Destinations of a run's images: the buffers, and the primitives' memories over them.
    std::vector<size_t> imageBuffers_;
    std::vector<dnnl::memory> imageMemories_;
};

}  // namespace normlab
