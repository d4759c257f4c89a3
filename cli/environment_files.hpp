// `continuo run --from-env`: the environment as the files that daemon and HTTP are started with.
#pragma once

#include "core/base/result.hpp"
#include "core/config/environment.hpp"

#include <filesystem>
#include <memory>

namespace continuo::cli {

/// from-env.yaml and the password beside it, in the runtime directory, for their owner alone. Owned
/// by `run`; the files go with it.
class EnvironmentFiles {
public:
    /// Errors: errno; `Errc::conflict` when a daemon works in that directory, and perhaps with
    /// files of these names.
    static Result<std::unique_ptr<EnvironmentFiles>> write(config::EnvironmentConfig const& made);
    EnvironmentFiles(EnvironmentFiles const&) = delete;
    EnvironmentFiles& operator=(EnvironmentFiles const&) = delete;
    ~EnvironmentFiles();

    std::filesystem::path config_file() const { return directory_ / "from-env.yaml"; }

private:
    EnvironmentFiles(std::filesystem::path directory, bool is_fallback);
    std::filesystem::path password_file() const {
        return directory_ / config::icecast_password_file;
    }

    std::filesystem::path directory_;
    bool is_fallback_;
};

} // namespace continuo::cli
