// One variant's worker: started, read, started again behind what it had finished when it dies.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/run_directory.hpp"
#include "supervisor/child/child.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "supervisor/segment/run_reader.hpp"
#include "workers/command.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace continuo::cli::resegment {

namespace fs = std::filesystem;

/// Why there will be no more segments.
struct CutterEnd {
    enum class Why : std::uint8_t {
        finished, ///< its input ended
        failed,   ///< it can't be had: `reason`
        stopped,  ///< we asked for it
    };
    Why why{Why::finished};
    std::string reason{};
};

class Cutter {
public:
    struct Handlers {
        /// A finished segment, its file, and the ordinal of its boundary where it leads.
        std::function<void(std::uint64_t ordinal, contract::SegmentLine const&, fs::path const&)>
            on_segment;
        std::function<void(contract::RunInfo const&)> on_info;
        std::function<void(std::string const&)> on_line; ///< what it or its end has to say
        /// It is about to begin again: with which boundary?
        std::function<std::uint64_t()> on_restart;
        std::function<void(CutterEnd const&)> on_end; ///< once
    };
    struct Rules {
        /// What to run; the directory is there, and new.
        std::function<workers::Command(fs::path const& directory, std::uint64_t begin_with)>
            command;
        std::function<fs::path()> new_directory;
        std::optional<int> input{}; ///< its standard input
        bool gives_up{true};        ///< it may fail; else it is tried again for ever
    };

    Cutter(boost::asio::any_io_executor executor, segment::DirectoryWatches& watches, Rules rules,
           Handlers handlers);
    Cutter(Cutter const&) = delete;
    Cutter& operator=(Cutter const&) = delete;
    ~Cutter();

    /// Errors: errno of the start.
    Result<> start();
    /// TERM, then KILL; `on_end` follows.
    void stop();
    /// It hangs: KILL, and so a restart.
    void kill();

private:
    Result<> start(std::uint64_t begin_with);
    void on_exit(child::Exit const& exit);
    void restart_after(child::Exit const& exit);
    void end(CutterEnd end);

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    segment::DirectoryWatches& watches_;
    Rules rules_;
    Handlers handlers_;
    child::RestartPolicy policy_;
    std::unique_ptr<segment::RunReader> reader_;
    std::unique_ptr<child::Child> child_;
    bool stopping_{false};
    bool ended_{false};
};

} // namespace continuo::cli::resegment
