// The one error type of the addon: a sentence for people. addon.cc turns it into a JavaScript error; nothing else throws to JS.
#pragma once

#include <stdexcept>
#include <string>

namespace normlab {

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws Failure(sentence) unless the condition holds.
inline void demand(bool condition, const std::string& sentence) {
    if (!condition) throw Failure(sentence);
}

}  // namespace normlab
