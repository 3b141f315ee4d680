#include "door/program_object.h"

#include "ops/plan_program.h"
#include "door/program_check.h"
#include "door/program_reader.h"
#include "door/session_object.h"

namespace normlab {
namespace {

constexpr int64_t kLargestBatch = 1 << 20;
constexpr size_t kMetrics = 3;

int64_t batchOf(Napi::Value value) {
    demand(value.IsNumber(), "the batch must be a number");
    const double batch = value.As<Napi::Number>().DoubleValue();
    demand(batch >= 1 && batch <= kLargestBatch && batch == static_cast<double>(static_cast<int64_t>(batch)),
           "the batch must be a whole number from 1 to 2^20");
    return static_cast<int64_t>(batch);
}

}  // namespace

ProgramObject::ProgramObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ProgramObject>(info) {
    guarded(info.Env(), [&] {
        demand(info.Length() == 4 && info[0].IsObject(), "a program is made by NativeSession.prepare");
        prepare(info);
    });
}

ProgramObject::~ProgramObject() {
    dropMemory();
}

void ProgramObject::dropMemory() {
    if (executor_ == nullptr) return;
    Napi::MemoryManagement::AdjustExternalMemory(Env(), -static_cast<int64_t>(executor_->arenaBytes()));
    executor_.reset();
}

void ProgramObject::lend(const Napi::CallbackInfo& info, Lent& lent) {
    const JsObject arrays(info[3], "arrays");
    gradients_ = LentFloats(arrays.raw("gradients"), "gradients");
    accumulated_ = LentFloats(arrays.raw("accumulated"), "accumulated");
    batchStatistics_ = LentFloats(arrays.raw("batchStatistics"), "batchStatistics");
    logits_ = LentFloats(arrays.raw("logits"), "logits");
    inputGradient_ = LentFloats(arrays.raw("inputGradient"), "inputGradient");
    metrics_ = LentDoubles(arrays.raw("metrics"), "metrics");
    demand(metrics_.size() == kMetrics, "metrics must have 3 elements");
    lent.gradients = gradients_.data();
    lent.gradientsSize = gradients_.size();
    lent.accumulated = accumulated_.data();
    lent.accumulatedSize = accumulated_.size();
    lent.batchStatistics = batchStatistics_.data();
    lent.batchStatisticsSize = batchStatistics_.size();
    lent.logits = logits_.data();
    lent.logitsSize = logits_.size();
    lent.inputGradient = inputGradient_.data();
    lent.inputGradientSize = inputGradient_.size();
    lent.metrics = metrics_.data();
    lent.constantParameters = arrays.boolean("constantParameters");
    if (arrays.has("taps")) lendTaps(arrays, lent);
}

void ProgramObject::lendTaps(const JsObject& arrays, Lent& lent) {
    for (const JsObject& tap : arrays.objects("taps")) {
        taps_.emplace_back(tap.raw("values"), "values of a tap");
        const LentFloats& values = taps_.back();
        const LentTap entry{values.data(), values.size()};
        taps_.emplace_back(tap.raw("gradients"), "gradients of a tap");
        lent.taps.push_back({entry.values, entry.valuesSize, taps_.back().data(), taps_.back().size()});
    }
}

void ProgramObject::prepare(const Napi::CallbackInfo& info) {
    const SessionObject* owner = SessionObject::Unwrap(info[0].As<Napi::Object>());
    owner->state().check();
    const Program program = readProgram(info[1]);
    checkProgram(program);
    batch_ = batchOf(info[2]);
    Lent lent;
    lent.state = owner->state().data();
    lent.stateSize = owner->state().size();
    lend(info, lent);
    session_ = owner->session();
    sessionObject_ = Napi::Persistent(info[0].As<Napi::Object>());
    classes_ = program.classes;
    bytesInput_ = program.bytesInput;
    training_ = program.training;
    accumulates_ = program.optimizer.accumulates;
    imageValues_ = batch_;
    for (const int64_t dim : program.inputShape) imageValues_ *= dim;
    const ThreadScope threads(session_->threads);
    executor_ = std::make_unique<Executor>(planProgram(program, batch_, *session_, lent), session_);
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), static_cast<int64_t>(executor_->arenaBytes()));
}

const void* ProgramObject::imagesOf(Napi::Value value) const {
    demand(value.IsTypedArray(), "images must be a typed array");
    const Napi::TypedArray array = value.As<Napi::TypedArray>();
    demand(array.TypedArrayType() == (bytesInput_ ? napi_uint8_array : napi_float32_array),
           bytesInput_ ? "images must be a Uint8Array" : "images must be a Float32Array");
    demand(static_cast<int64_t>(array.ElementLength()) == imageValues_,
           "images have " + std::to_string(array.ElementLength()) + " values where the program takes " +
               std::to_string(imageValues_));
    return bytesInput_ ? static_cast<const void*>(value.As<Napi::Uint8Array>().Data())
                       : static_cast<const void*>(value.As<Napi::Float32Array>().Data());
}

const int32_t* ProgramObject::labelsOf(Napi::Value value) const {
    if (value.IsNull()) {
        demand(!training_, "a training step needs labels");
        return nullptr;
    }
    demand(value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_int32_array,
           "labels must be an Int32Array");
    const Napi::Int32Array labels = value.As<Napi::Int32Array>();
    demand(static_cast<int64_t>(labels.ElementLength()) == batch_, "there must be one label a sample");
    const int32_t* data = labels.Data();
    for (int64_t n = 0; n < batch_; ++n)
        demand(data[n] < classes_, "label " + std::to_string(data[n]) + " of " + std::to_string(classes_) + " classes");
    return data;
}

Mix ProgramObject::mixOf(const Napi::CallbackInfo& info) const {
    if (info.Length() < 6 || !info[4].IsTypedArray()) return {};
    const int32_t* labels = labelsOf(info[4]);
    demand(info[5].IsTypedArray() && info[5].As<Napi::TypedArray>().TypedArrayType() == napi_float32_array,
           "the shares of mixed labels must be a Float32Array");
    const Napi::Float32Array shares = info[5].As<Napi::Float32Array>();
    demand(static_cast<int64_t>(shares.ElementLength()) == batch_, "there must be one share a sample");
    for (int64_t n = 0; n < batch_; ++n) demand(labels[n] >= 0, "a mixed image has no second label");
    return {labels, shares.Data()};
}

void ProgramObject::checkLent() const {
    SessionObject::Unwrap(sessionObject_.Value())->state().check();
    gradients_.check();
    accumulated_.check();
    batchStatistics_.check();
    logits_.check();
    inputGradient_.check();
    for (const LentFloats& tap : taps_) tap.check();
    metrics_.check();
}

StepScalars ProgramObject::scalarsOf(Napi::Value value) const {
    const JsObject object(value, "scalars");
    StepScalars out;
    out.learningRate = object.number("learningRate");
    out.step = object.number("step");
    out.batch = object.has("batch") ? object.number("batch") : out.step;
    out.randomKey = object.raw("randomKey").ToNumber().Uint32Value();
    out.accumulates = object.has("accumulation");
    if (!out.accumulates) return out;
    demand(accumulates_, "the optimizer of this program does not accumulate");
    const JsObject accumulation = object.object("accumulation");
    out.share = accumulation.number("share");
    out.keep = accumulation.number("keep");
    out.isLast = accumulation.boolean("isLast");
    return out;
}

// run(images, labels | null, scalars, profile: Float64Array | null, mixLabels | null, mixShares | null); scalars as
// core/backend/backend.ts has them
Napi::Value ProgramObject::run(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
        demand(executor_ != nullptr, "the program was released");
        demand(info.Length() >= 3, "run needs images, labels and scalars");
        checkLent();
        const StepScalars scalars = scalarsOf(info[2]);
        double* profile = nullptr;
        if (info.Length() > 3 && info[3].IsTypedArray()) {
            const LentDoubles seconds(info[3], "profile");
            demand(seconds.size() == static_cast<int64_t>(executor_->steps().size()), "profile needs one entry a step");
            profile = seconds.data();
        }
        executor_->run(scalars, imagesOf(info[0]), labelsOf(info[1]), mixOf(info), profile);
    });
    return info.Env().Undefined();
}

Napi::Value ProgramObject::release(const Napi::CallbackInfo& info) {
    dropMemory();
    for (LentFloats* lent : {&gradients_, &accumulated_, &batchStatistics_, &logits_, &inputGradient_})
        *lent = LentFloats();
    taps_.clear();
    metrics_ = LentDoubles();
    sessionObject_.Reset();
    return info.Env().Undefined();
}

Napi::Value ProgramObject::arenaBytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), executor_ == nullptr ? 0 : static_cast<double>(executor_->arenaBytes()));
}

Napi::Value ProgramObject::steps(const Napi::CallbackInfo& info) {
    Napi::Array labels = Napi::Array::New(info.Env());
    if (executor_ == nullptr) return labels;
    uint32_t index = 0;
    for (const Step& step : executor_->steps()) labels.Set(index++, step.label);
    return labels;
}

Napi::Function defineProgram(Napi::Env env) {
    return ProgramObject::DefineClass(env, "NativeProgram",
                                      {ProgramObject::InstanceMethod("run", &ProgramObject::run),
                                       ProgramObject::InstanceMethod("release", &ProgramObject::release),
                                       ProgramObject::InstanceMethod("arenaBytes", &ProgramObject::arenaBytes),
                                       ProgramObject::InstanceMethod("steps", &ProgramObject::steps)});
}

}  // namespace normlab
