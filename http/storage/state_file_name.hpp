// What a file is called that keeps something about an asset under state_dir. Pure.
#pragma once

#include <string>
#include <string_view>

namespace continuo::storage {

/// "a%2Fb.json" for "a/b": letters, digits, '_' and '-' as they are.
std::string state_file_name(std::string_view asset);

} // namespace continuo::storage
