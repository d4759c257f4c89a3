// The environment variables of the mux service -> a config.yaml that makes the same channel of them
// (docs/migrate-from-mux.md). Pure: who asks brings the variables, and writes the files.
#pragma once

#include <boost/system/result.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::config {

/// The value of an environment variable; nothing where it is not set.
using Variables = std::function<std::optional<std::string>(std::string const& name)>;

/// Where `yaml` expects the password, in its own folder.
inline constexpr std::string_view icecast_password_file{"from-env.password"};

struct EnvironmentConfig {
    std::string yaml;                            ///< a whole config.yaml, which `load` takes
    std::optional<std::string> icecast_password; ///< what `icecast_password_file` has to hold
    std::vector<std::string> notes;              ///< what the operator should know; for the log
};

/// One channel, `aliased_channel`, on port 8091. A variable that is empty counts as not set; those
/// of what is switched off (ABR_* in copy mode, ICECAST_* without Icecast) are not looked at.
/// Errors: a line for each mistake, `MUX_MODE: must be copy or abr, got "x"`.
boost::system::result<EnvironmentConfig, std::vector<std::string>>
from_environment(Variables const& variables);

} // namespace continuo::config
