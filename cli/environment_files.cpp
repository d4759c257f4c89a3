#include "cli/environment_files.hpp"

#include "cli/control_client.hpp"
#include "core/config/config.hpp"
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"

#include <boost/system/errc.hpp>

#include <system_error>
#include <utility>

namespace continuo::cli {
namespace {

namespace fs = std::filesystem;
namespace errc = boost::system::errc;

bool is_taken(fs::path const& directory) {
    contract::ControlRequest request;
    request.op = "status";
    auto const reply = ask(contract::control_socket(directory), request);
    return reply || (reply.error().code != errc::no_such_file_or_directory &&
                     reply.error().code != errc::connection_refused);
}

} // namespace

EnvironmentFiles::EnvironmentFiles(fs::path directory, bool is_fallback)
    : directory_(std::move(directory)), is_fallback_(is_fallback) {}

EnvironmentFiles::~EnvironmentFiles() {
    std::error_code ignored;
    fs::remove(config_file(), ignored);
    fs::remove(password_file(), ignored);
    if (is_fallback_) fs::remove(directory_, ignored); // only when it is empty
}

Result<std::unique_ptr<EnvironmentFiles>>
EnvironmentFiles::write(config::EnvironmentConfig const& made) {
    // The directory that the daemon will choose, since the file names none.
    auto const configured = config::Config{}.runtime_dir;
    auto const directory = os::effective_runtime_dir(configured);
    if (!directory) return directory.error();
    if (is_taken(directory->path))
        return fail(Errc::conflict, "\"" + directory->path.string() +
                                        "\": another daemon answers there; stop it first");

    std::unique_ptr<EnvironmentFiles> files(
        new EnvironmentFiles(directory->path, directory->path != configured));
    if (made.icecast_password) {
        auto const written = os::replace_file(files->password_file(), *made.icecast_password + '\n',
                                              os::Readers::owner);
        if (!written) return written.error();
    }
    auto const written = os::replace_file(files->config_file(), made.yaml, os::Readers::owner);
    if (!written) return written.error();
    return files;
}

} // namespace continuo::cli
