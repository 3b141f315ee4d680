#pragma once

#include "door/door.h"

namespace normlab {

// `new NativeSession(state: Float32Array, threads, bf16)`; `prepare(program, batch, arrays)` returns a NativeProgram.
class SessionObject : public Napi::ObjectWrap<SessionObject> {
   public:
    explicit SessionObject(const Napi::CallbackInfo& info);

    const std::shared_ptr<Session>& session() const { return session_; }
    const LentFloats& state() const { return state_; }

   private:
    friend Napi::Function defineSession(Napi::Env env);
    Napi::Value prepare(const Napi::CallbackInfo& info);

    std::shared_ptr<Session> session_;
    LentFloats state_;
};

}  // namespace normlab
