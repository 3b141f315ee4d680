#pragma once

namespace normlab::image {

// True when QuickEntropy, inside the library that is loaded, gives the very pixels of the library's own decoder for
// small images of every kind it is used for, without a doubt. Found out once in a process, in about 2 ms.
bool isQuickEntropySound();

}  // namespace normlab::image
