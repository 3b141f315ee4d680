// normalizeInput: bytes [N, H, W, C] to floats or bf16, in one pass, directly into the layout that the first
// convolution needs. Each channel has a table of its 256 possible results, computed in double: exact, and equally fast
// in every precision.
#include <vector>

#include "base/bf16.h"
#include "ops/conv/conv.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

template <typename T>
std::vector<T> resultTable(const Instruction& op) {
    std::vector<T> table;
    for (size_t c = 0; c < op.channelMean.size(); ++c)
        for (int byte = 0; byte < 256; ++byte)
            table.push_back(fromFloat<T>(static_cast<float>((byte - op.channelMean[c]) * op.channelScale[c])));
    return table;
}

// Position of the source of channel `c`.
template <bool kReversed>
int64_t sourceOf(int64_t c, int64_t channels) {
    return kReversed ? channels - 1 - c : c;
}

// One sample; `src`: its bytes, `dst`: its first element.
template <typename T, bool kReversed>
void normalizeSample(const uint8_t* src, T* dst, const ChannelLayout& layout, const T* table) {
    const int64_t channels = layout.channels, padded = layout.blocks * layout.block;
    for (int64_t c = 0; c < padded; ++c) {
        T* out = dst + (c / layout.block) * layout.blockStride + c % layout.block;
        const T* row = table + c * 256;
        const uint8_t* from = src + (c < channels ? sourceOf<kReversed>(c, channels) : 0);
        for (int64_t p = 0; p < layout.pixels; ++p)
            out[p * layout.pixelStride] = c < channels ? row[from[p * channels]] : fromFloat<T>(0.0F);
    }
}

// Channels last: bytes and results are in the same order, up to that of the channels.
template <typename T, bool kReversed>
void normalizeInOrder(const uint8_t* src, T* dst, int64_t channels, int64_t pixels, const T* table) {
    for (int64_t p = 0; p < pixels; ++p)
        for (int64_t c = 0; c < channels; ++c)
            dst[p * channels + c] = table[c * 256 + src[p * channels + sourceOf<kReversed>(c, channels)]];
}

template <typename T, bool kReversed>
Kernel normalizeKernel(const Instruction& op, const ChannelLayout& layout, int buffer) {
    return [table = resultTable<T>(op), layout, buffer](const RunContext& run) {
        const uint8_t* images = static_cast<const uint8_t*>(run.images);
        T* dst = run.at<T>(buffer);
        const int64_t bytes = layout.channels * layout.pixels;
        const bool inOrder = layout.block == 1 && layout.blockStride == 1 && layout.pixelStride == layout.channels;
#pragma omp parallel for schedule(static)
        for (int64_t n = 0; n < layout.samples; ++n) {
            const uint8_t* from = images + n * bytes;
            T* to = dst + n * layout.sampleStride;
            if (inOrder) {
                normalizeInOrder<T, kReversed>(from, to, layout.channels, layout.pixels, table.data());
            } else {
                normalizeSample<T, kReversed>(from, to, layout, table.data());
            }
        }
    };
}

template <typename T>
Kernel kernelOf(const Instruction& op, const ChannelLayout& layout, int buffer) {
    return op.reversesChannels ? normalizeKernel<T, true>(op, layout, buffer)
                               : normalizeKernel<T, false>(op, layout, buffer);
}

Md chosenLayout(Planner& plan, const Instruction& op) {
    const Md plain = plainDesc(plan.dims(op.dst), plan.computeType());
    const Instruction* reader = plan.nextReader(op.dst);
    if (reader == nullptr || reader->op != Op::convForward) return plain;
    const Md preferred = preferredConvSrc(plan, *reader);
    return channelLayoutOf(preferred) ? preferred : plain;
}

}  // namespace

void planNormalizeInput(Planner& plan, const Instruction& op) {
    const Dims dims = plan.dims(op.dst);
    demand(plan.program().bytesInput && op.src == plan.program().images, "normalizeInput must read the images");
    demand(dims.size() == 4, "normalizeInput gives images [N, C, H, W]");
    demand(plan.program().inputShape == std::vector<int64_t>(dims.begin() + 1, dims.end()),
           "normalizeInput must keep the shape of the images");
    const size_t channels = static_cast<size_t>(dims[1]);
    demand(op.channelMean.size() == channels && op.channelScale.size() == channels,
           "normalizeInput needs one mean and one scale a channel");
    const Value dst = plan.write(op.dst, chosenLayout(plan, op));
    const ChannelLayout layout = *channelLayoutOf(dst.desc);
    const bool bf16 = compat::typeOf(dst.desc) == DataType::bf16;
    plan.addKernel("normalizeInput to " + describe(dst.desc), {dst.buffer},
                   bf16 ? kernelOf<Bf16>(op, layout, dst.buffer) : kernelOf<float>(op, layout, dst.buffer));
}

}  // namespace normlab
