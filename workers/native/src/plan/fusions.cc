#include "plan/fusions.h"

#include <algorithm>
#include <array>

namespace normlab {
namespace {

bool isRelu(const Instruction& op, Op which) {
    return op.op == which && op.fn == "relu";
}

bool isRectified(const Instruction& norm) {
    return norm.fusedActivation == "relu";
}

// True if `norm`, a batchNormBackward, is the backward half of `forward` and uses the same vectors.
bool isBackwardOf(const Instruction& norm, const Instruction& forward) {
    const int mean = forward.normalizeByBatch ? forward.batchMean : forward.mean;
    const int variance = forward.normalizeByBatch ? forward.batchVariance : forward.variance;
    return forward.op == Op::batchNormForward && norm.gamma == forward.gamma && norm.beta == forward.beta &&
           norm.mean == mean && norm.variance == variance;
}

bool isForwardOf(const Instruction& forward, const Instruction& backward) {
    switch (backward.op) {
        case Op::batchNormBackward: return isBackwardOf(backward, forward);
        case Op::maxPoolBackward: return forward.op == Op::maxPoolForward && forward.indices == backward.indices;
        case Op::averagePoolBackward: return forward.op == Op::averagePoolForward && forward.node == backward.node;
        case Op::globalAveragePoolBackward:
            return forward.op == Op::globalAveragePoolForward && forward.node == backward.node;
        case Op::adaptiveAveragePoolBackward:
            return forward.op == Op::adaptiveAveragePoolForward && forward.node == backward.node;
        default: return false;
    }
}

}  // namespace

Fusions::Fusions(const Program& program, const Uses& uses) : program_(program), uses_(uses) {
    for (size_t i = 0; i < program.instructions.size(); ++i) find(static_cast<int>(i));
}

void Fusions::find(int index) {
    const Op op = at(index).op;
    if (op == Op::batchNormForward) {
        if (const auto pooled = findPooled(index)) {
            pooledFrom_[index] = *pooled;
            if (pooled->backward >= 0) pooledInto_[pooled->backward] = *pooled;
        }
        if (const auto added = findAdded(index)) addedTo_[index] = *added;
    }
    if (op == Op::sum || op == Op::activationBackward) {
        const auto rectified = findRectified(index);
        if (rectified && rectifiedInto_.count(rectified->backward) == 0) {  // the sum comes first and includes the ReLU
            rectifiedFrom_[index] = *rectified;
            rectifiedInto_[rectified->backward] = *rectified;
        }
    }
    if (op == Op::batchNormBackward)
        if (const auto gradients = findGradients(index)) gradientsReading_[index] = *gradients;
    if (const int forward = findForward(index); forward >= 0) forwardOf_[index] = forward;
}

bool Fusions::isOutput(int tensor) const {
    return program_.isOutput(tensor);
}

int Fusions::onlyOther(int tensor, int index) const {
    return isOutput(tensor) ? -1 : uses_.onlyOther(tensor, index);
}

bool Fusions::isHalvingWindow(const Instruction& pool) const {
    const std::vector<int64_t>& src = program_.tensors[static_cast<size_t>(pool.src)].dims;  // [C, H, W]
    return pool.kernel == std::array<int64_t, 2>{2, 2} && pool.stride == std::array<int64_t, 2>{2, 2} &&
           pool.dilation == std::array<int64_t, 2>{1, 1} && pool.padding == std::array<int64_t, 4>{0, 0, 0, 0} &&
           src.size() == 3 && src[1] % 2 == 0 && src[2] % 2 == 0;
}

// The backward half: maxPoolBackward with the same indices, whose gradient only this block's batchNormBackward reads.
bool Fusions::findPooledBackward(const Instruction& norm, PooledNorm& out) const {
    const int indices = at(out.pool).indices;
    const int back = onlyOther(indices, out.pool);
    if (back < 0) return false;
    const Instruction& pool = at(back);
    if (pool.op != Op::maxPoolBackward || pool.indices != indices) return false;
    const int normBack = onlyOther(pool.diffSrc, back);
    if (normBack < 0) return false;
    const Instruction& backward = at(normBack);
    if (backward.op != Op::batchNormBackward || backward.diffDst != pool.diffSrc) return false;
    if (backward.src != norm.src || backward.node != norm.node || !isRectified(backward)) return false;
    out.poolBackward = back;
    out.backward = normBack;
    return true;
}

std::optional<PooledNorm> Fusions::findPooled(int index) const {
    const Instruction& norm = at(index);
    PooledNorm out;
    out.norm = index;
    out.pool = isRectified(norm) ? onlyOther(norm.dst, index) : -1;
    if (out.pool < 0) return std::nullopt;
    const Instruction& pool = at(out.pool);
    if (pool.op != Op::maxPoolForward || pool.src != norm.dst || !isHalvingWindow(pool)) return std::nullopt;
    const bool trains = pool.indices != kNone && uses_.of(pool.indices).size() > 1;
    if (trains && !findPooledBackward(norm, out)) return std::nullopt;
    if (norm.mask == kNone) return out;
    for (const int user : uses_.of(norm.mask))
        if (user != index && user != out.backward) return std::nullopt;
    return out;
}

std::optional<AddedNorm> Fusions::findAdded(int index) const {
    const Instruction& norm = at(index);
    AddedNorm out;
    out.norm = index;
    out.sum = norm.fusedActivation.empty() ? onlyOther(norm.dst, index) : -1;
    if (out.sum < 0) return std::nullopt;
    const Instruction& sum = at(out.sum);
    if (sum.op != Op::sum || sum.srcs.size() != 2 || sum.srcs[0] == sum.srcs[1]) return std::nullopt;
    out.other = sum.srcs[0] == norm.dst ? sum.srcs[1] : sum.srcs[0];
    if (out.other == kNone || isOutput(sum.dst)) return std::nullopt;
    for (const int user : uses_.of(sum.dst)) {
        if (user == out.sum || isRelu(at(user), Op::activationBackward)) continue;
        if (out.relu >= 0 || !isRelu(at(user), Op::activationForward)) return std::nullopt;
        out.relu = user;
    }
    return out.relu < 0 ? std::nullopt : std::optional<AddedNorm>(out);
}

std::optional<RectifiedNorm> Fusions::findRectified(int index) const {
    RectifiedNorm out;
    out.relu = index;
    const Instruction& first = at(index);
    if (first.op == Op::sum) {
        if (first.srcs.size() != 2) return std::nullopt;
        out.sum = index;
        out.relu = onlyOther(first.dst, index);
    }
    if (out.relu < 0) return std::nullopt;
    const Instruction& relu = at(out.relu);
    if (!isRelu(relu, Op::activationBackward) || (out.sum >= 0 && relu.diffDst != first.dst)) return std::nullopt;
    if (isOutput(relu.diffSrc)) return std::nullopt;
    for (const int user : uses_.of(relu.diffSrc)) {
        if (user == out.relu) continue;
        out.backward = user;  // users are in order: the first reader must be the normalization
        break;
    }
    if (out.backward < out.relu) return std::nullopt;
    const Instruction& norm = at(out.backward);
    const bool fits = norm.op == Op::batchNormBackward && norm.diffDst == relu.diffSrc && norm.fusedActivation.empty();
    return fits ? std::optional<RectifiedNorm>(out) : std::nullopt;
}

std::optional<ConvGradients> Fusions::findGradients(int backward) const {
    const int gradient = at(backward).diffSrc;
    if (gradient == kNone || isOutput(gradient)) return std::nullopt;
    ConvGradients out;
    int others = 0;
    for (const int user : uses_.of(gradient)) {
        if (user == backward) continue;
        if (at(user).op == Op::convBackwardWeights && out.weights < 0) out.weights = user;
        else ++others;
    }
    if (out.weights < 0 || others > 1 || at(out.weights).diffDst != gradient) return std::nullopt;
    if (others == 1 && (out.data = dataGradientOf(out.weights)) < 0) return std::nullopt;
    return out;
}

int Fusions::findForward(int backward) const {
    for (int index = backward - 1; index >= 0; --index)
        if (isForwardOf(at(index), at(backward))) return index;
    return -1;
}

std::vector<int> Fusions::convolutionsReading(int norm) const {
    const int tensor = at(norm).dst;
    if (isOutput(tensor)) return {};
    const std::vector<int> readers = uses_.after(tensor, norm);
    const bool areConvolutions = std::all_of(readers.begin(), readers.end(), [&](int reader) {
        const Instruction& op = at(reader);
        return (op.op == Op::convForward || op.op == Op::convBackwardWeights) && op.src == tensor;
    });
    return areConvolutions ? readers : std::vector<int>{};
}

int Fusions::dataGradientOf(int weights) const {
    const Instruction& op = at(weights);
    for (const int user : uses_.after(op.diffDst, weights))
        if (at(user).op == Op::convBackwardData && at(user).node == op.node) return user;
    return -1;
}

int Fusions::forwardOf(int backward) const {
    const auto at = forwardOf_.find(backward);
    return at == forwardOf_.end() ? -1 : at->second;
}

bool Fusions::feedsStatistics(int tensor) const {
    const std::vector<int>& users = uses_.of(tensor);
    return std::any_of(users.begin(), users.end(), [&](int user) {
        const Instruction& op = at(user);
        return op.op == Op::batchNormForward && op.src == tensor && (op.normalizeByBatch || op.batchMean != kNone);
    });
}

std::vector<GradientSums> Fusions::sumsOver(int gradient, int writer) const {
    std::vector<GradientSums> out;
    for (const auto& [backward, pooled] : pooledInto_)
        if (at(pooled.poolBackward).diffDst == gradient)
            out.push_back({backward, pooled.poolBackward, pooled, std::nullopt});
    const std::vector<int> readers = uses_.after(gradient, writer);
    if (readers.empty()) return out;
    const int reader = readers.front();
    if (at(reader).op == Op::batchNormBackward && at(reader).diffDst == gradient) {
        out.push_back({reader, reader, std::nullopt, std::nullopt});
    } else if (const std::optional<RectifiedNorm> rectified = rectifiedFrom(reader)) {
        out.push_back({rectified->backward, reader, std::nullopt, rectified});
    }
    return out;
}

int Fusions::firstConvolution(int tensor, int writer) const {
    const std::vector<int> readers = uses_.after(tensor, writer);
    if (isOutput(tensor) || readers.empty()) return -1;
    return at(readers.front()).op == Op::convForward ? readers.front() : -1;
}

}  // namespace normlab
