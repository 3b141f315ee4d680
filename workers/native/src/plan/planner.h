// Converts a program to steps. Every tensor gets a layout and a buffer when an instruction first writes it. A reorder
// is inserted only where a reader needs another layout.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "onednn/layout.h"
#include "plan/fusions.h"
#include "plan/handovers.h"
#include "plan/uses.h"
#include "program/program.h"
#include "run/session.h"
#include "base/status.h"
#include "run/step.h"

namespace normlab {

class Planner {
   public:
    Planner(const Program& program, int64_t batch, const Session& session, const Lent& lent);

    const Program& program() const { return program_; }
    const dnnl::engine& engine() const { return session_.engine; }
    const Lent& lent() const { return lent_; }
    int64_t batch() const { return batch_; }
    int threads() const { return session_.threads; }
    DataType computeType() const { return session_.bf16 ? DataType::bf16 : DataType::f32; }

    // Dims of a tensor, including the batch.
    Dims dims(int tensor) const;
    const std::string& name(int tensor) const { return program_.tensors[static_cast<size_t>(tensor)].name; }
    const TensorSpec& spec(int tensor) const { return program_.tensors[static_cast<size_t>(tensor)]; }
    bool isWritten(int tensor) const { return written_[static_cast<size_t>(tensor)]; }
    bool isOutput(int tensor) const { return program_.isOutput(tensor); }
    const Instruction& instruction(int index) const { return program_.instructions[static_cast<size_t>(index)]; }
    // Patterns of the program, and data that planned instructions have left for later ones.
    const Fusions& fusions() const { return fusions_; }
    Handovers& handovers() { return handovers_; }
    const Handovers& handovers() const { return handovers_; }
    // Marks an instruction as fused into another one; it is not planned by itself.
    void markDone(int index) { done_[static_cast<size_t>(index)] = true; }
    bool isDone(int index) const { return done_[static_cast<size_t>(index)]; }

    // The tensor as stored. Throws if nothing has written it.
    Value at(int tensor) const;
    // The tensor in layout `wanted`: as stored, or through a reorder that later readers of the same layout share.
    // `view`: the tensor's own descriptor with other dims (grouped kernels).
    Value read(int tensor, const Md& wanted, const Md* view = nullptr);
    Value readPlain(int tensor, DataType type) { return read(tensor, plainDesc(dims(tensor), type)); }
    // A buffer for the tensor that the next step writes in layout `desc`. Lent tensors are copied to their arrays after
    // that step.
    Value write(int tensor, const Md& desc, const Md* view = nullptr);
    // write() for a tensor, scratch() for kNone.
    Value writeOrScratch(int tensor, const Md& desc) { return tensor == kNone ? scratch(desc) : write(tensor, desc); }
    // `from` in layout `wanted`: unchanged, as a view of the same bytes, or through a reorder. `isWeight`: the
    // reordered values are kept where the parameters are constant.
    Value converted(const std::string& label, const Value& from, const Md& wanted, bool isWeight = false);
    // Makes `tensor` the values of `from` in canonical order, with its own dims; copies only if necessary.
    void viewAs(int tensor, const std::string& label, const Value& from);
    Value scratch(const Md& desc) { return {desc, scratchBytes(desc.get_size())}; }
    int scratchBytes(size_t bytes);
    // Memory for transformed weights, which keeps them where the parameters are constant. A kernel that transforms
    // them itself then does so only if RunContext::weightsReady is false.
    int weightBytes(size_t bytes);

    // The next step may write `dst` over `src` if nothing reads `src` after it.
    void mayOverlay(const Value& dst, const Value& src);
    // `threads`: as many at most, for a primitive too small to share; 0: all.
    void addPrimitive(const std::string& label, const dnnl::primitive& primitive, const Md& scratchpad,
                      std::vector<Argument> arguments, int threads = 0);
    // `touched`: the buffers the kernel reads or writes.
    void addKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel);
    // A kernel that does nothing but write the memory of weightBytes().
    void addWeightKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel);

    // First instruction after the current one that reads `tensor` as its `src`; null if there is none.
    const Instruction* nextReader(int tensor) const;
    // The instruction being planned.
    void setCurrent(int index) { current_ = index; }
    int current() const { return current_; }

    // Copies logits, input gradient and taps to the arrays that JavaScript reads, and returns the plan.
    Plan finish();

   private:
    struct Copy {
        Md desc;
        Value value;
    };
    struct Overlay {
        int dst, src, step;
    };

    int addBuffer(Buffer buffer);
    int fixedBuffer(void* pointer, size_t bytes);
    void placeLent(int tensor);
    void touch(int buffer);
    void push(Step step, const std::vector<int>& touched);
    void pushKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel, bool once);
    void reorder(const std::string& label, const Value& from, const Value& to, bool once = false);
    void flushCopies();
    // Copies a tensor in canonical order to an array that JavaScript reads.
    void report(int tensor, float* to);
    void resolveOverlays();
    bool canOverlay(const Overlay& overlay) const;
    int rootOf(int buffer) const;

    const Program& program_;
    const int64_t batch_;
    const Session& session_;
    const Lent lent_;
    Plan plan_;
    const Uses uses_;
    const Fusions fusions_;
    Handovers handovers_;
    int current_ = 0;
    std::vector<std::optional<Value>> placed_;
    std::vector<bool> written_, done_;
    std::map<int, std::vector<Copy>> copies_;
    std::vector<std::pair<Value, Value>> pending_;
    std::vector<Overlay> overlays_;
    int logitsBuffer_ = -1;
};

}  // namespace normlab
