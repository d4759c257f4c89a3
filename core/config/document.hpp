// Text -> the one YAML document in it. Inside this room only.
#pragma once

#include "core/config/section.hpp"

#include <yaml-cpp/yaml.h>

#include <string>

namespace continuo::config {

/// The document of `text`; an empty text is an empty value. Whatever stands behind its end is a
/// problem: yaml-cpp would pass over it. Throws `YAML::Exception` where the text is not YAML.
YAML::Node parse_document(std::string const& text, Problems& problems);

} // namespace continuo::config
