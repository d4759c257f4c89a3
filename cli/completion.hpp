// Scripts by which a shell completes the command line of `continuo`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace continuo::cli {

std::vector<std::string> completion_shells();

/// The script for one of `completion_shells()`.
std::string_view completion_script(std::string_view shell);

} // namespace continuo::cli
