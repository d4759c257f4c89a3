// continuo: the command for people and units.
#include "cli/analyze.hpp"
#include "cli/ask.hpp"
#include "cli/check.hpp"
#include "cli/completion.hpp"
#include "cli/cue.hpp"
#include "cli/options.hpp"
#include "cli/resegment/resegment.hpp"
#include "cli/run.hpp"
#include "cli/verify.hpp"
#include "core/os/program.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace continuo {
namespace {

struct Execute {
    int operator()(cli::Run const& options) const { return cli::run(options); }
    int operator()(cli::Check const& options) const { return cli::check(options); }
    int operator()(cli::Status const& options) const { return cli::status(options); }
    int operator()(cli::Restart const& options) const { return cli::restart(options); }
    int operator()(cli::Switch const& options) const { return cli::switch_to(options); }
    int operator()(cli::Reload const& options) const { return cli::reload(options); }
    int operator()(cli::VerifyOptions const& options) const { return cli::verify(options); }
    int operator()(cli::resegment::Options const& options) const {
        return cli::resegment::run(options);
    }
    int operator()(cli::AnalyzeOptions const& options) const { return cli::analyze(options); }
    int operator()(cli::CueOrder const& options) const { return cli::order_cue(options); }
    int operator()(cli::CueDecode const& options) const { return cli::decode_cues(options); }
    int operator()(cli::CueEncode const& options) const { return cli::encode_cue(options); }
    int operator()(cli::Completion const& options) const {
        fmt::print("{}", cli::completion_script(options.shell));
        return os::exit_ok;
    }
    int operator()(cli::Answer const& answer) const {
        fmt::print(stdout, "{}", answer.output);
        fmt::print(stderr, "{}", answer.errors);
        return answer.exit_code;
    }
};

} // namespace
} // namespace continuo

int main(int argc, char** argv) {
    return continuo::os::run_main("continuo", [&] {
        return std::visit(continuo::Execute{}, continuo::cli::parse_arguments(argc, argv));
    });
}
