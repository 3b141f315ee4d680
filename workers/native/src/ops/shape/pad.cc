// Padding around images, in the layout of the image. Rows inside are copied whole, the frame pixel by pixel. The
// gradient of a pixel is the sum over all its positions in the output, accumulated in f32.
#include <vector>

#include "base/bf16.h"
#include "kernels/channels/channel_runs.h"
#include "kernels/lanes/multiversion.h"
#include "ops/shared/ops.h"

namespace normlab {
namespace {

// One axis: `from[position]` is the source index of an output position, -1 for the constant.
struct Axis {
    int64_t before = 0, size = 0;
    std::vector<int64_t> from;
};

struct Frame {
    Axis rows, columns;
    ChannelRuns inner, outer;
    float value = 0;
};

int64_t sourceAt(const std::string& border, int64_t position, int64_t size) {
    if (position >= 0 && position < size) return position;
    if (border == "constant") return -1;
    if (border == "replicate") return position < 0 ? 0 : size - 1;
    return position < 0 ? -position : 2 * (size - 1) - position;
}

Axis axisOf(const std::string& border, int64_t before, int64_t after, int64_t inner, int64_t outer) {
    demand(outer == before + inner + after, "the frame does not fit the images");
    demand(border != "reflect" || std::max(before, after) < inner, "a mirror image is larger than its image");
    Axis out;
    out.before = before;
    out.size = inner;
    for (int64_t i = 0; i < outer; ++i) out.from.push_back(sourceAt(border, i - before, inner));
    return out;
}

Frame frameOf(const Instruction& op, const Md& inner, const Md& outer) {
    const bool known = op.border == "constant" || op.border == "reflect" || op.border == "replicate";
    demand(known, "the border '" + op.border + "' is unknown");
    const Dims small = compat::dimsOf(inner), large = compat::dimsOf(outer);
    Frame out;
    out.rows = axisOf(op.border, op.padding[0], op.padding[2], small[2], large[2]);
    out.columns = axisOf(op.border, op.padding[1], op.padding[3], small[3], large[3]);
    const bool sideBySide = channelsSideBySide(*channelLayoutOf(outer));
    out.inner = channelRunsOf(*channelLayoutOf(inner), sideBySide);
    out.outer = channelRunsOf(*channelLayoutOf(outer), sideBySide);
    out.value = static_cast<float>(op.value);
    return out;
}

// Chunk `chunk` of sample `n`.
template <typename T>
inline void padChunk(const T* src, T* dst, const Frame& frame, int64_t n, int64_t chunk) {
    const int64_t run = frame.inner.run, width = frame.columns.size, before = frame.columns.before;
    const int64_t outerWidth = static_cast<int64_t>(frame.columns.from.size());
    const int64_t valid = frame.inner.channelsIn(chunk);
    const T constant = fromFloat<T>(frame.value), nothing = fromFloat<T>(0.0F);
    for (size_t y = 0; y < frame.rows.from.size(); ++y) {
        T* to = dst + frame.outer.at(n, chunk, static_cast<int64_t>(y) * outerWidth);
        const int64_t row = frame.rows.from[y];
        const T* from = src + frame.inner.at(n, chunk, std::max<int64_t>(row, 0) * width);
        for (int64_t x = 0; x < outerWidth; ++x) {
            if (row >= 0 && x == before) {
                std::copy(from, from + width * run, to + x * run);
                x += width - 1;
                continue;
            }
            const int64_t column = frame.columns.from[static_cast<size_t>(x)];
            const bool inside = row >= 0 && column >= 0;
            for (int64_t i = 0; i < run; ++i)
                to[x * run + i] = inside ? from[column * run + i] : i < valid ? constant : nothing;
        }
    }
}

// Adds row `y` of the framed gradient to `sums`, the image row that it was copied from.
template <typename T>
inline void addFramedRow(const T* diffDst, float* sums, const Frame& frame, int64_t n, int64_t chunk, int64_t y) {
    const int64_t run = frame.inner.run, width = frame.columns.size, before = frame.columns.before;
    const int64_t outerWidth = static_cast<int64_t>(frame.columns.from.size());
    const T* from = diffDst + frame.outer.at(n, chunk, y * outerWidth);
    for (int64_t i = 0; i < width * run; ++i) sums[i] += toFloat(from[before * run + i]);
    for (int64_t x = 0; x < outerWidth; ++x) {
        const int64_t column = frame.columns.from[static_cast<size_t>(x)];
        if (column < 0 || (x >= before && x < before + width)) continue;
        for (int64_t i = 0; i < run; ++i) sums[column * run + i] += toFloat(from[x * run + i]);
    }
}

template <typename T>
inline void padBackChunk(const T* diffDst, T* diffSrc, const Frame& frame, int64_t n, int64_t chunk) {
    const int64_t rowValues = frame.columns.size * frame.inner.run;
    std::vector<float> sums(static_cast<size_t>(frame.rows.size * rowValues), 0.0F);
    for (size_t y = 0; y < frame.rows.from.size(); ++y) {
        const int64_t row = frame.rows.from[y];
        if (row >= 0)
            addFramedRow(diffDst, &sums[static_cast<size_t>(row * rowValues)], frame, n, chunk,
                         static_cast<int64_t>(y));
    }
    T* to = diffSrc + frame.inner.at(n, chunk, 0);
    for (size_t i = 0; i < sums.size(); ++i) to[i] = fromFloat<T>(sums[i]);
}

NORMLAB_BY_LEVEL(void, padF32, (const float* src, float* dst, const Frame& frame, int64_t n, int64_t chunk),
                 (src, dst, frame, n, chunk), { padChunk(src, dst, frame, n, chunk); })
NORMLAB_BY_LEVEL(void, padBf16, (const Bf16* src, Bf16* dst, const Frame& frame, int64_t n, int64_t chunk),
                 (src, dst, frame, n, chunk), { padChunk(src, dst, frame, n, chunk); })
NORMLAB_BY_LEVEL(void, padBackF32, (const float* from, float* to, const Frame& frame, int64_t n, int64_t chunk),
                 (from, to, frame, n, chunk), { padBackChunk(from, to, frame, n, chunk); })
NORMLAB_BY_LEVEL(void, padBackBf16, (const Bf16* from, Bf16* to, const Frame& frame, int64_t n, int64_t chunk),
                 (from, to, frame, n, chunk), { padBackChunk(from, to, frame, n, chunk); })

// `kernel(from, to, frame, n, chunk)` over all chunks of all samples.
template <typename T, typename ChunkKernel>
Kernel overChunks(Frame frame, int from, int to, ChunkKernel kernel) {
    return [frame = std::move(frame), from, to, kernel](const RunContext& run) {
        const int64_t chunks = frame.inner.chunks, all = frame.inner.samples * chunks;
#pragma omp parallel for schedule(static)
        for (int64_t i = 0; i < all; ++i) kernel(run.at<T>(from), run.at<T>(to), frame, i / chunks, i % chunks);
    };
}

// The tensor in a layout that likeDesc can apply to another size too.
Value images(Planner& plan, int tensor) {
    const Value have = plan.at(tensor);
    demand(plan.dims(tensor).size() == 4, "a frame needs images [N, C, H, W]");
    return plan.read(tensor, likeDesc(have.desc, plan.dims(tensor), compat::typeOf(have.desc)));
}

Md otherSize(const Planner& plan, const Md& model, int tensor) {
    const Dims dims = plan.dims(tensor), own = compat::dimsOf(model);
    demand(dims.size() == 4 && dims[0] == own[0] && dims[1] == own[1], "a frame keeps batch and channels");
    return likeDesc(model, dims, compat::typeOf(model));
}

}  // namespace

void planPadForward(Planner& plan, const Instruction& op) {
    const Value src = images(plan, op.src);
    const Value dst = plan.write(op.dst, otherSize(plan, src.desc, op.dst));
    const Frame frame = frameOf(op, src.desc, dst.desc);
    const bool bf16 = compat::typeOf(src.desc) == DataType::bf16;
    plan.addKernel("padForward " + op.node, {src.buffer, dst.buffer},
                   bf16 ? overChunks<Bf16>(frame, src.buffer, dst.buffer, padBf16)
                        : overChunks<float>(frame, src.buffer, dst.buffer, padF32));
}

void planPadBackward(Planner& plan, const Instruction& op) {
    const Value diffDst = images(plan, op.diffDst);
    const Value diffSrc = plan.write(op.diffSrc, otherSize(plan, diffDst.desc, op.diffSrc));
    const Frame frame = frameOf(op, diffSrc.desc, diffDst.desc);
    const bool bf16 = compat::typeOf(diffDst.desc) == DataType::bf16;
    plan.addKernel("padBackward " + op.node, {diffDst.buffer, diffSrc.buffer},
                   bf16 ? overChunks<Bf16>(frame, diffDst.buffer, diffSrc.buffer, padBackBf16)
                        : overChunks<float>(frame, diffDst.buffer, diffSrc.buffer, padBackF32));
}

}  // namespace normlab
