#include "run/executor.h"

#include <chrono>

#include "base/status.h"

namespace normlab {
namespace {

double secondsNow() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Executor::Executor(Plan plan, std::shared_ptr<Session> session)
    : session_(std::move(session)), steps_(std::move(plan.steps)), keepsWeights_(plan.keepsWeights) {
    layOut(plan.buffers);
    bind(plan.buffers);
}

// One block of memory for the buffers that are kept from run to run, or for all others that live within a step.
std::unique_ptr<Arena> Executor::place(const std::vector<Buffer>& buffers, bool kept) {
    std::vector<Interval> intervals;
    std::vector<size_t> owners;
    const int end = static_cast<int>(steps_.size());
    for (size_t i = 0; i < buffers.size(); ++i) {
        const Buffer& buffer = buffers[i];
        if (buffer.fixed != nullptr || buffer.perRun || buffer.overlay >= 0 || buffer.first < 0) continue;
        if (buffer.kept != kept) continue;
        intervals.push_back({buffer.bytes, kept ? 0 : buffer.first, kept ? end : buffer.last, 0});
        owners.push_back(i);
    }
    auto arena = std::make_unique<Arena>(packIntervals(intervals));
    for (size_t i = 0; i < owners.size(); ++i) pointers_[owners[i]] = arena->data() + intervals[i].offset;
    return arena;
}

// Fixed buffers keep their pointer, overlaid ones share that of their root, the others get an offset in a block.
void Executor::layOut(std::vector<Buffer>& buffers) {
    pointers_.assign(buffers.size(), nullptr);
    arena_ = place(buffers, false);
    kept_ = place(buffers, true);
    for (size_t i = 0; i < buffers.size(); ++i) {
        if (buffers[i].fixed != nullptr) pointers_[i] = buffers[i].fixed;
        if (buffers[i].perRun) imageBuffers_.push_back(i);
        size_t root = i;
        while (buffers[root].overlay >= 0) root = static_cast<size_t>(buffers[root].overlay);
        if (root != i) pointers_[i] = pointers_[root];
    }
}

void Executor::bind(const std::vector<Buffer>& buffers) {
    bound_.resize(steps_.size());
    for (size_t i = 0; i < steps_.size(); ++i) {
        Bound& bound = bound_[i];
        for (const Argument& argument : steps_[i].arguments) {
            const size_t buffer = static_cast<size_t>(argument.value.buffer);
            bound.memories.emplace_back(argument.value.desc, session_->engine, pointers_[buffer]);
            if (buffers[buffer].perRun) imageMemories_.push_back(bound.memories.back());
            bound.arguments.push_back({argument.name, bound.memories.back().get()});
        }
    }
}

void Executor::execute(size_t index, const RunContext& context) {
    const Step& step = steps_[index];
    if (step.kernel) {
        step.kernel(context);
        return;
    }
    const ThreadScope threads(step.threads > 0 ? step.threads : session_->threads);
    const std::vector<dnnl_exec_arg_t>& arguments = bound_[index].arguments;
    const dnnl_status_t status = dnnl_primitive_execute(step.primitive.get(), session_->stream.get(),
                                                        static_cast<int>(arguments.size()), arguments.data());
    demand(status == dnnl_success, step.label + " failed with oneDNN status " + std::to_string(status),
           ErrorCode::libraryFailed);
}

void Executor::run(const StepScalars& scalars, const void* images, const int32_t* labels, const Mix& mix,
                   double* profile) {
    const ThreadScope threads(session_->threads);
    arena_->poison();
    for (dnnl::memory& memory : imageMemories_) memory.set_data_handle(const_cast<void*>(images));
    for (const size_t buffer : imageBuffers_) pointers_[buffer] = const_cast<void*>(images);
    const RunContext context{scalars, images, labels, pointers_.data(), mix, weightsReady_};
    double before = profile == nullptr ? 0 : secondsNow();
    for (size_t i = 0; i < steps_.size(); ++i) {
        if (steps_[i].once && weightsReady_) continue;
        execute(i, context);
        if (profile == nullptr) continue;
        const double after = secondsNow();
        profile[i] += after - before;
        before = after;
    }
    session_->stream.wait();
    weightsReady_ = keepsWeights_;
}

}  // namespace normlab
