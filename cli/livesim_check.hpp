// Looks into the assets of the DASH live simulator, as HTTP will. Blocks.
#pragma once

#include "core/config/config.hpp"

#include <string>
#include <vector>

namespace continuo::cli {

struct LivesimCheck {
    std::string error;                 ///< of livesim.root; empty when it can be read
    std::vector<std::string> warnings; ///< MPDs that are not served, with the reason
};

/// Nothing to say where `config` has no livesim. Reads all segments.
LivesimCheck check_livesim(config::Config const& config);

} // namespace continuo::cli
