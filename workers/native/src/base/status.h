// The one error type of the addon: a code that programs tell apart, and a sentence for people. door.h turns it into a
// JavaScript error with the same code; nothing else throws to JavaScript.
#pragma once

#include <stdexcept>
#include <string>

namespace normlab {

// workers/native/nativeError.ts has the same codes under the names that codeText() gives.
enum class ErrorCode {
    invalid,              // a program, an array or an argument that does not fit
    unsupported,          // oneDNN has nothing for such an instruction
    outOfMemory,
    statisticsNotFinite,  // a batch whose statistics are not finite: the step has ended, and nothing of it was stored
    libraryFailed,  // oneDNN refused a primitive as it ran
    internal,  // anything else
};

inline const char* codeText(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid: return "invalid";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::outOfMemory: return "out-of-memory";
        case ErrorCode::statisticsNotFinite: return "statistics-not-finite";
        case ErrorCode::libraryFailed: return "library-failed";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

struct Failure : std::runtime_error {
    explicit Failure(const std::string& sentence, ErrorCode why = ErrorCode::invalid)
        : std::runtime_error(sentence), code(why) {}

    ErrorCode code;
    double mebibytes = 0;  // of outOfMemory: how much could not be had
};

// Throws a Failure with `sentence` and `code` unless the condition holds.
inline void demand(bool condition, const std::string& sentence, ErrorCode code = ErrorCode::invalid) {
    if (!condition) throw Failure(sentence, code);
}

}  // namespace normlab
