// A plan bound to memory. Running it allocates nothing of ours.
#pragma once

#include <memory>

#include "run/arena.h"
#include "run/session.h"
#include "run/step.h"

namespace normlab {

class Executor {
   public:
    // `threads` must be those of the plan. Throws Failure when the arena cannot be had.
    Executor(Plan plan, std::shared_ptr<Session> session);
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    // One step. `profile`: null, or seconds added to one entry a step. Throws Failure naming the step that failed.
    void run(const StepScalars& scalars, const void* images, const int32_t* labels, const Mix& mix, double* profile);
    size_t arenaBytes() const { return arena_->bytes(); }
    const std::vector<Step>& steps() const { return steps_; }

   private:
    // A primitive's arguments as the C interface wants them: built once, no map is made when it runs.
    struct Bound {
        std::vector<dnnl::memory> memories;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    void layOut(std::vector<Buffer>& buffers);
    void bind(const std::vector<Buffer>& buffers);
    void execute(size_t index, const RunContext& context);

    std::shared_ptr<Session> session_;
    std::vector<Step> steps_;
    std::vector<void*> pointers_;
    std::unique_ptr<Arena> arena_;
    std::vector<Bound> bound_;
    // Where the images of a run are put: the buffers, and the primitives' memories over them.
    std::vector<size_t> imageBuffers_;
    std::vector<dnnl::memory> imageMemories_;
};

}  // namespace normlab
