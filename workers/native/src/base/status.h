// The one error type of the addon: a code for programs and a sentence for people. door.h converts it to a JavaScript
// error with the same code; nothing else throws to JavaScript.
#pragma once

#include <stdexcept>
#include <string>

namespace normlab {

// The same codes as in workers/native/nativeError.ts, under the names that codeText() returns.
enum class ErrorCode {
    invalid,              // a program, array or argument that does not fit
    unsupported,          // oneDNN does not support the instruction
    outOfMemory,
    statisticsNotFinite,  // a batch's statistics are not finite: the step has ended and stored nothing
    libraryFailed,  // oneDNN reported an error when running a primitive
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
    double mebibytes = 0;  // for outOfMemory: the size that could not be allocated
};

// Throws a Failure with `sentence` and `code` unless the condition is true.
inline void demand(bool condition, const std::string& sentence, ErrorCode code = ErrorCode::invalid) {
    if (!condition) throw Failure(sentence, code);
}

}  // namespace normlab
