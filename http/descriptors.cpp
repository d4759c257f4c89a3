#include "http/descriptors.hpp"

#include "http/dashlive/answer_cache.hpp"
#include "http/dashlive/part_files.hpp"
#include "http/server/open_files.hpp"
#include "http/server/server.hpp"

#include <spdlog/spdlog.h>

#include <sys/resource.h>

namespace continuo {
namespace {

/// Its socket, and the file that is sent, which may have left the caches by then.
constexpr std::uint64_t descriptors_of_connection = 2;
/// Segments of channels and of /vod/live, files and answers of the DASH simulator.
constexpr std::uint64_t descriptors_of_thread = 2 * server::OpenFiles::usual_capacity +
                                                dashlive::PartFiles::most +
                                                dashlive::AnswerCache::most_files;
/// Event loops, watches, the crews that read assets, the log.
constexpr std::uint64_t descriptors_besides = 256;

} // namespace

std::uint64_t descriptors_for(config::Http const& settings) {
    return settings.max_connections * descriptors_of_connection +
           server::thread_count(settings) * descriptors_of_thread + descriptors_besides;
}

void raise_descriptor_limit(config::Http const& settings) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (auto const most = descriptors_for(settings); limit.rlim_cur < most)
        spdlog::warn("the limit of open files ({}) is less than http.max_connections ({}) may "
                     "need, which is {}; raise LimitNOFILE or lower the key",
                     limit.rlim_cur, settings.max_connections, most);
}

} // namespace continuo
