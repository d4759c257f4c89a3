#include "core/os/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <csignal>
#include <memory>

namespace continuo::os {
namespace {

/// "%*": the syslog priority of the message, as sd-daemon(3) wants it.
class Priority final : public spdlog::custom_flag_formatter {
public:
    void format(spdlog::details::log_msg const& message, std::tm const&,
                spdlog::memory_buf_t& out) override {
        char const priority = [&] {
            switch (message.level) {
            case spdlog::level::trace:
            case spdlog::level::debug: return '7';
            case spdlog::level::info: return '6';
            case spdlog::level::warn: return '4';
            case spdlog::level::err: return '3';
            case spdlog::level::critical: return '2';
            case spdlog::level::off:
            case spdlog::level::n_levels: break;
            }
            return '6';
        }();
        out.push_back('<');
        out.push_back(priority);
        out.push_back('>');
    }

    std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
        return std::make_unique<Priority>();
    }
};

} // namespace

void start_log(std::string_view program, std::string_view level) {
    std::signal(SIGPIPE, SIG_IGN);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<Priority>('*').set_pattern(
        ::isatty(STDERR_FILENO) != 0 ? "%H:%M:%S.%e %n %l: %v" : "%*%v");
    sink->set_formatter(std::move(formatter));
    auto logger = std::make_shared<spdlog::logger>(std::string(program), std::move(sink));
    logger->set_level(spdlog::level::from_str(std::string(level)));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace continuo::os
