// Turns a program into steps: every tensor gets a layout and a buffer when an instruction first writes it, and a reorder is
// inserted only where a reader wants another layout than the one it has.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onednn/layout.h"
#include "program/program.h"
#include "run/session.h"
#include "base/status.h"
#include "run/step.h"

namespace normlab {

struct Plan {
    std::vector<Buffer> buffers;
    std::vector<Step> steps;
};

// (Sum of two gradients and) ReLU backward, done by the batch normalization before it; indices of instructions.
struct RectifiedNorm {
    int sum = -1;  // -1 where the gradient is a single tensor
    int relu = -1, backward = -1;
};

// A normalized tensor that is never stored: its readers normalize `src` as they read it, by the NormLanes in `lanes`.
struct UnstoredNorm {
    Value src;
    int lanes = -1;
    bool relu = false;
};

// Buffers of a batchNormBackward whose sums are taken by the writer of its gradient; `passedOn` is -1 unless it is rectified.
struct StartedReduction {
    int sums = -1, passedOn = -1;
};

class Planner {
   public:
    Planner(const Program& program, int64_t batch, const Session& session, const Lent& lent);

    const Program& program() const { return program_; }
    const dnnl::engine& engine() const { return session_.engine; }
    const Lent& lent() const { return lent_; }
    int64_t batch() const { return batch_; }
    int threads() const { return session_.threads; }
    DataType computeType() const { return session_.bf16 ? DataType::bf16 : DataType::f32; }

    // Dims of a tensor, the batch included.
    Dims dims(int tensor) const;
    const std::string& name(int tensor) const { return program_.tensors[static_cast<size_t>(tensor)].name; }
    const TensorSpec& spec(int tensor) const { return program_.tensors[static_cast<size_t>(tensor)]; }
    bool isWritten(int tensor) const { return written_[static_cast<size_t>(tensor)]; }
    bool isOutput(int tensor) const { return tensor == program_.logits || tensor == program_.inputGradient; }
    // Indices of the instructions that read or write a tensor, in order.
    const std::vector<int>& usersOf(int tensor) const { return users_[static_cast<size_t>(tensor)]; }
    // An instruction that another one does with it is planned no more.
    void markDone(int index) { done_[static_cast<size_t>(index)] = true; }
    bool isDone(size_t index) const { return done_[index]; }
    bool isPlaced(int tensor) const { return placed_[static_cast<size_t>(tensor)].has_value(); }

    // The tensor as it stands. Throws when nothing has written it.
    Value at(int tensor) const;
    // The tensor in layout `wanted`: as it stands, or through a reorder that later readers of the same layout share.
    // `view`: the tensor's own descriptor under other dims (grouped kernels).
    Value read(int tensor, const Md& wanted, const Md* view = nullptr);
    Value readPlain(int tensor, DataType type) { return read(tensor, plainDesc(dims(tensor), type)); }
    // A place for the tensor that the next step writes in layout `desc`; lent tensors are copied to their place after it.
    Value write(int tensor, const Md& desc, const Md* view = nullptr);
    // write() where there is a tensor, scratch() where the program wants none.
    Value writeOrScratch(int tensor, const Md& desc) { return tensor == kNone ? scratch(desc) : write(tensor, desc); }
    // `from` in layout `wanted`: as it is, as a view of the same bytes, or through a reorder.
    Value converted(const std::string& label, const Value& from, const Md& wanted);
    // Lets `tensor` be the values of `from` in canonical order, under its own dims; moves bytes only if it must.
    void viewAs(int tensor, const std::string& label, const Value& from);
    Value scratch(const Md& desc) { return {desc, scratchBytes(desc.get_size())}; }
    int scratchBytes(size_t bytes);

    // The next step may write `dst` over `src` if nobody needs `src` after it.
    void mayOverlay(const Value& dst, const Value& src);
    void addPrimitive(const std::string& label, const dnnl::primitive& primitive, const Md& scratchpad,
                      std::vector<Argument> arguments);
    // `touched`: the buffers the kernel reads or writes.
    void addKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel);

    // First instruction after the current one that reads `tensor` as its `src`; null when there is none.
    const Instruction* nextReader(int tensor) const;
    void setCurrent(size_t index) { current_ = index; }
    int current() const { return static_cast<int>(current_); }

    // What a backward instruction must know of its forward one, by the tensor it saved or by block and op.
    std::map<int, Md> savedSrc;
    std::map<std::string, std::vector<Md>> forwardSrcs;
    // By the index of a batchNormBackward: what it does together with its own work. The output of the pooling behind it; and
    // see norm_patterns.h.
    std::map<int, int> pooledNorms;
    std::map<int, RectifiedNorm> rectifiedNorms;
    // By tensor.
    std::map<int, UnstoredNorm> unstoredNorms;
    // Tensors that tiles make as they read them; where they have a buffer, the first reader stores them for the others.
    std::map<int, SampleSource> made;
    // Coefficients of forward normalizations, by the buffers that they come from.
    std::map<std::array<int, 4>, int> normLanes;
    // By the index of a convBackwardData: the convBackwardWeights done in the same walk over the samples (conv_joint_amx.cc).
    std::map<int, int> jointWeights;
    // Sums that the writer of a tensor has taken already (norm_plan.h): buffers of forward ones by tensor, of backward ones by the
    // index of the batchNormBackward.
    std::map<int, int> startedStatistics;
    std::map<int, StartedReduction> startedReductions;

    // Copies logits and input gradient to where JavaScript reads them, and gives up the plan.
    Plan finish();

   private:
    struct Copy {
        Md desc;
        Value value;
    };
    struct Overlay {
        int dst, src, step;
    };

    void addUser(int index);
    int addBuffer(Buffer buffer);
    int fixedBuffer(void* pointer, size_t bytes);
    void placeLent(int tensor);
    void touch(int buffer);
    void push(Step step, const std::vector<int>& touched);
    void reorder(const std::string& label, const Value& from, const Value& to);
    void flushCopies();
    void resolveOverlays();
    bool canOverlay(const Overlay& overlay) const;
    int rootOf(int buffer) const;

    const Program& program_;
    const int64_t batch_;
    const Session& session_;
    const Lent lent_;
    Plan plan_;
    size_t current_ = 0;
    std::vector<std::optional<Value>> placed_;
    std::vector<bool> written_, done_;
    std::vector<std::vector<int>> users_;
    std::map<int, std::vector<Copy>> copies_;
    std::vector<std::pair<Value, Value>> pending_;
    std::vector<Overlay> overlays_;
    int logitsBuffer_ = -1;
};

}  // namespace normlab
