#include "door/session_object.h"

namespace normlab {

SessionObject::SessionObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SessionObject>(info) {
    guarded(info.Env(), [&] {
        demand(info.Length() == 3 && info[1].IsNumber() && info[2].IsBoolean(),
               "a session needs the state, the number of threads and whether to compute in bf16");
        const int threads = info[1].As<Napi::Number>().Int32Value();
        demand(threads >= 1 && threads <= 1024, "the number of threads must be 1 to 1024");
        state_ = LentFloats(info[0], "state");
        session_ = std::make_shared<Session>(threads, info[2].As<Napi::Boolean>().Value());
    });
}

Napi::Value SessionObject::prepare(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        demand(info.Length() == 3, "prepare needs the program, the batch and the lent arrays");
        const Napi::FunctionReference& programClass = info.Env().GetInstanceData<DoorData>()->programClass;
        return programClass.New({info.This(), info[0], info[1], info[2]});
    });
}

Napi::Function defineSession(Napi::Env env) {
    return SessionObject::DefineClass(env, "NativeSession",
                                      {SessionObject::InstanceMethod("prepare", &SessionObject::prepare)});
}

}  // namespace normlab
