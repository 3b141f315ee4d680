#pragma once

namespace normlab::image {

// True when QuickEntropy, inside the loaded library, decodes small images of every supported kind to exactly the pixels
// of the library's own decoder, without a doubt. Tested once per process, in about 2 ms.
bool isQuickEntropySound();

}  // namespace normlab::image
