#include "plan/uses.h"

#include <algorithm>

namespace normlab {

Uses::Uses(const Program& program) : users_(program.tensors.size()) {
    for (size_t i = 0; i < program.instructions.size(); ++i) {
        const int index = static_cast<int>(i);
        for (const int tensor : tensorsOf(program.instructions[i])) {
            std::vector<int>& users = users_[static_cast<size_t>(tensor)];
            if (users.empty() || users.back() != index) users.push_back(index);
        }
    }
}

std::vector<int> Uses::after(int tensor, int index) const {
    const std::vector<int>& users = of(tensor);
    return {std::upper_bound(users.begin(), users.end(), index), users.end()};
}

int Uses::onlyOther(int tensor, int index) const {
    const std::vector<int>& users = of(tensor);
    if (users.size() != 2) return -1;
    return users[0] == index ? users[1] : users[0];
}

}  // namespace normlab
