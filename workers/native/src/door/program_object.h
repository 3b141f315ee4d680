#pragma once

#include <vector>

#include "door/door.h"
#include "door/js_object.h"

namespace normlab {

// A program prepared for one batch size. Created by `NativeSession.prepare`; keeps the session's state array and its
// own arrays alive. `release()` frees the memory immediately.
class ProgramObject : public Napi::ObjectWrap<ProgramObject> {
   public:
    explicit ProgramObject(const Napi::CallbackInfo& info);
    ~ProgramObject() override;

   private:
    friend Napi::Function defineProgram(Napi::Env env);

    void lend(const Napi::CallbackInfo& info, Lent& lent);
    void lendTaps(const JsObject& arrays, Lent& lent);
    void prepare(const Napi::CallbackInfo& info);
    void dropMemory();
    StepScalars scalarsOf(Napi::Value value) const;
    const void* imagesOf(Napi::Value value) const;
    const int32_t* labelsOf(Napi::Value value) const;
    Mix mixOf(const Napi::CallbackInfo& info) const;
    void checkLent() const;

    Napi::Value run(const Napi::CallbackInfo& info);
    Napi::Value release(const Napi::CallbackInfo& info);
    Napi::Value arenaBytes(const Napi::CallbackInfo& info);
    Napi::Value steps(const Napi::CallbackInfo& info);

    std::shared_ptr<Session> session_;
    std::unique_ptr<Executor> executor_;
    Napi::ObjectReference sessionObject_;
    LentFloats gradients_, accumulated_, batchStatistics_, logits_, inputGradient_;
    std::vector<LentFloats> taps_;  // values and gradients in turn
    LentDoubles metrics_;
    bool bytesInput_ = false, training_ = false, accumulates_ = false;
    int64_t batch_ = 0, classes_ = 0, imageValues_ = 0;
};

}  // namespace normlab
