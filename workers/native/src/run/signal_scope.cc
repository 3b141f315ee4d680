#include "run/signal_scope.h"

#include <initializer_list>

namespace normlab {

#ifdef _WIN32
SignalScope::SignalScope() = default;

SignalScope::~SignalScope() = default;
#else
SignalScope::SignalScope() {
    sigset_t blocked;
    sigfillset(&blocked);
    // Faults of the thread itself: blocked, they end the process without a word.
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&blocked, fault);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
}

SignalScope::~SignalScope() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}
#endif

}  // namespace normlab
