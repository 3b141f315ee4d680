// Which instructions of a program read or write each tensor.
#pragma once

#include <vector>

#include "program/program.h"

namespace normlab {

class Uses {
   public:
    explicit Uses(const Program& program);

    // Indices of the instructions that read or write `tensor`, in order.
    const std::vector<int>& of(int tensor) const { return users_[static_cast<size_t>(tensor)]; }
    // Those after the instruction at `index`.
    std::vector<int> after(int tensor, int index) const;
    // The only user of `tensor` besides the instruction at `index`; -1 if there is none or more than one.
    int onlyOther(int tensor, int index) const;

   private:
    std::vector<std::vector<int>> users_;
};

}  // namespace normlab
