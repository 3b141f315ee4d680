#include "plan/planner.h"

namespace normlab {

Planner::Planner(const Program& program, int64_t batch, const Session& session, const Lent& lent)
    : program_(program),
      batch_(batch),
      session_(session),
      lent_(lent),
      uses_(program),
      fusions_(program, uses_),
      placed_(program.tensors.size()),
      written_(program.tensors.size(), false),
      done_(program.instructions.size(), false) {
    plan_.keepsWeights = lent.constantParameters;
    for (size_t i = 0; i < program.tensors.size(); ++i) placeLent(static_cast<int>(i));
    logitsBuffer_ = fixedBuffer(lent.logits, static_cast<size_t>(lent.logitsSize) * sizeof(float));
}

Dims Planner::dims(int tensor) const {
    const TensorSpec& tensorSpec = spec(tensor);
    Dims out = tensorSpec.dims;
    if (tensorSpec.batched) out.insert(out.begin(), batch_);
    return out;
}

int Planner::addBuffer(Buffer buffer) {
    plan_.buffers.push_back(buffer);
    return static_cast<int>(plan_.buffers.size()) - 1;
}

int Planner::fixedBuffer(void* pointer, size_t bytes) {
    Buffer buffer;
    buffer.bytes = bytes;
    buffer.fixed = pointer;
    return addBuffer(buffer);
}

int Planner::scratchBytes(size_t bytes) {
    Buffer buffer;
    buffer.bytes = bytes;
    return addBuffer(buffer);
}

int Planner::weightBytes(size_t bytes) {
    const int buffer = scratchBytes(bytes);
    plan_.buffers.back().kept = plan_.keepsWeights;
    return buffer;
}

// Parameters, statistics and their gradients are views of lent arrays; so are the images of an f32 program, per run.
void Planner::placeLent(int tensor) {
    const TensorSpec& tensorSpec = spec(tensor);
    const StateLayout& state = program_.state;
    const size_t slot = static_cast<size_t>(tensorSpec.slot);
    float* pointer = nullptr;
    bool given = true;
    if (tensorSpec.kind == TensorKind::parameter) {
        pointer = lent_.state + program_.weightsOffset + state.parameters[slot].offset;
    } else if (tensorSpec.kind == TensorKind::statistic) {
        pointer = lent_.state + program_.weightsOffset + state.statistics[slot].offset;
    } else if (tensorSpec.kind == TensorKind::parameterGradient) {
        pointer = lent_.gradients + state.parameters[slot].offset;
        given = false;
    } else if (tensorSpec.kind == TensorKind::batchStatistic) {
        pointer = lent_.batchStatistics + (state.statistics[slot].offset - state.statisticsOffset);
        given = false;
    } else if (tensorSpec.kind != TensorKind::input || program_.bytesInput) {
        return;
    }
    const Md desc = plainDesc(dims(tensor), DataType::f32);
    const int buffer = fixedBuffer(pointer, desc.get_size());
    plan_.buffers.back().perRun = tensorSpec.kind == TensorKind::input;
    placed_[static_cast<size_t>(tensor)] = Value{desc, buffer};
    written_[static_cast<size_t>(tensor)] = given;
}

Value Planner::at(int tensor) const {
    const size_t index = static_cast<size_t>(tensor);
    demand(placed_[index].has_value() && written_[index],
           "tensor '" + name(tensor) + "' is read before anything has written it");
    return *placed_[index];
}

Value Planner::read(int tensor, const Md& wanted, const Md* view) {
    Value have = at(tensor);
    if (view != nullptr) have.desc = *view;
    std::vector<Copy>& copies = copies_[tensor];
    for (const Copy& copy : copies)
        if (copy.desc == wanted) return copy.value;
    const bool isWeight = spec(tensor).kind == TensorKind::parameter;
    const Value made = converted("reorder " + name(tensor), have, wanted, isWeight);
    if (made.buffer != have.buffer) copies.push_back({wanted, made});
    return made;
}

Value Planner::write(int tensor, const Md& desc, const Md* view) {
    const size_t index = static_cast<size_t>(tensor);
    demand(!written_[index], "tensor '" + name(tensor) + "' is written twice");
    written_[index] = true;
    if (placed_[index].has_value()) {
        Value home = *placed_[index];
        if (view != nullptr) home.desc = *view;
        if (home.desc == desc) return home;
        const Value made = scratch(desc);
        pending_.emplace_back(made, home);
        return made;
    }
    const bool isLogits = tensor == program_.logits && desc == plainDesc(dims(tensor), DataType::f32);
    Value value{desc, isLogits ? logitsBuffer_ : scratchBytes(desc.get_size())};
    placed_[index] = value;
    return value;
}

Value Planner::converted(const std::string& label, const Value& from, const Md& wanted, bool isWeight) {
    if (from.desc == wanted) return from;
    const bool sameType = compat::typeOf(from.desc) == compat::typeOf(wanted);
    if (sameType && isCanonical(from.desc) && isCanonical(wanted)) return {wanted, from.buffer};
    const size_t bytes = wanted.get_size();
    const Value made{wanted, isWeight ? weightBytes(bytes) : scratchBytes(bytes)};
    reorder(label, from, made, isWeight && plan_.keepsWeights);
    return made;
}

void Planner::viewAs(int tensor, const std::string& label, const Value& from) {
    const size_t index = static_cast<size_t>(tensor);
    demand(!written_[index] && !placed_[index].has_value(), "tensor '" + name(tensor) + "' is written twice");
    const Dims own = dims(tensor), given = compat::dimsOf(from.desc);
    demand(elementCount(own) == elementCount(given), "tensor '" + name(tensor) + "' has another number of values");
    const DataType type = compat::typeOf(from.desc);
    const Value canonical = converted(label, from, plainDesc(given, type));
    written_[index] = true;
    placed_[index] = Value{plainDesc(own, type), canonical.buffer};
}

void Planner::touch(int buffer) {
    Buffer& entry = plan_.buffers[static_cast<size_t>(buffer)];
    const int step = static_cast<int>(plan_.steps.size());
    if (entry.first < 0) entry.first = step;
    entry.last = step;
}

void Planner::push(Step step, const std::vector<int>& touched) {
    for (const int buffer : touched) touch(buffer);
    plan_.steps.push_back(std::move(step));
}

void Planner::reorder(const std::string& label, const Value& from, const Value& to, bool once) {
    dnnl::reorder::primitive_desc pd(session_.engine, from.desc, session_.engine, to.desc, compat::userScratchpad());
    Step step;
    step.label = label + " to " + describe(to.desc);
    step.primitive = dnnl::reorder(pd);
    step.once = once;
    step.arguments = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    std::vector<int> touched = {from.buffer, to.buffer};
    if (pd.scratchpad_desc().get_size() > 0) {
        const Value pad = scratch(pd.scratchpad_desc());
        step.arguments.push_back({DNNL_ARG_SCRATCHPAD, pad});
        touched.push_back(pad.buffer);
    }
    push(std::move(step), touched);
}

void Planner::flushCopies() {
    const std::vector<std::pair<Value, Value>> copies = std::move(pending_);
    pending_.clear();
    for (const auto& [from, to] : copies) reorder("store result", from, to);
}

void Planner::mayOverlay(const Value& dst, const Value& src) {
    overlays_.push_back({dst.buffer, src.buffer, static_cast<int>(plan_.steps.size())});
}

void Planner::addPrimitive(const std::string& label, const dnnl::primitive& primitive, const Md& scratchpad,
                           std::vector<Argument> arguments, int threads) {
    if (scratchpad.get_size() > 0) arguments.push_back({DNNL_ARG_SCRATCHPAD, scratch(scratchpad)});
    std::vector<int> touched;
    for (const Argument& argument : arguments) touched.push_back(argument.value.buffer);
    Step step;
    step.label = label;
    step.primitive = primitive;
    step.threads = threads;
    step.arguments = std::move(arguments);
    push(std::move(step), touched);
    flushCopies();
}

void Planner::addKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel) {
    pushKernel(label, touched, std::move(kernel), false);
}

void Planner::addWeightKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel) {
    pushKernel(label, touched, std::move(kernel), plan_.keepsWeights);
}

void Planner::pushKernel(const std::string& label, const std::vector<int>& touched, Kernel kernel, bool once) {
    Step step;
    step.label = label;
    step.kernel = std::move(kernel);
    step.once = once;
    push(std::move(step), touched);
    flushCopies();
}

const Instruction* Planner::nextReader(int tensor) const {
    for (const int index : uses_.after(tensor, current_))
        if (instruction(index).src == tensor) return &instruction(index);
    return nullptr;
}

int Planner::rootOf(int buffer) const {
    while (plan_.buffers[static_cast<size_t>(buffer)].overlay >= 0)
        buffer = plan_.buffers[static_cast<size_t>(buffer)].overlay;
    return buffer;
}

bool Planner::canOverlay(const Overlay& overlay) const {
    const Buffer& dst = plan_.buffers[static_cast<size_t>(overlay.dst)];
    const Buffer& root = plan_.buffers[static_cast<size_t>(rootOf(overlay.src))];
    const bool lent = dst.fixed != nullptr || root.fixed != nullptr || dst.perRun || root.perRun || root.kept;
    return !lent && dst.overlay < 0 && dst.first == overlay.step && root.last == overlay.step &&
           dst.bytes == root.bytes && rootOf(overlay.dst) != rootOf(overlay.src);
}

void Planner::resolveOverlays() {
    for (const Overlay& overlay : overlays_) {
        if (!canOverlay(overlay)) continue;
        const int root = rootOf(overlay.src);
        plan_.buffers[static_cast<size_t>(overlay.dst)].overlay = root;
        plan_.buffers[static_cast<size_t>(root)].last = plan_.buffers[static_cast<size_t>(overlay.dst)].last;
    }
}

void Planner::report(int tensor, float* to) {
    const Md desc = plainDesc(dims(tensor), DataType::f32);
    reorder("report " + name(tensor), at(tensor), {desc, fixedBuffer(to, desc.get_size())});
}

Plan Planner::finish() {
    const Value logits = at(program_.logits);
    if (logits.buffer != logitsBuffer_)
        reorder("report logits", logits, {plainDesc(dims(program_.logits), DataType::f32), logitsBuffer_});
    if (program_.inputGradient != kNone) report(program_.inputGradient, lent_.inputGradient);
    for (size_t i = 0; i < program_.taps.size(); ++i) {
        report(program_.taps[i].value, lent_.taps[i].values);
        if (program_.taps[i].gradient != kNone) report(program_.taps[i].gradient, lent_.taps[i].gradients);
    }
    resolveOverlays();
    return std::move(plan_);
}

}  // namespace normlab
