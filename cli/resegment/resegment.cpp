#include "cli/resegment/resegment.hpp"

#include "cli/resegment/input.hpp"
#include "cli/resegment/report.hpp"
#include "cli/resegment/session.hpp"
#include "core/os/program.hpp"

#include <boost/asio/io_context.hpp>

#include <unistd.h>

namespace continuo::cli::resegment {
namespace {

int refused(Error const& error, int exit_code) {
    print_remark(to_text(error));
    return exit_code;
}

int run_plan(Options const& options, Plan const& plan, Beginning beginning) {
    auto output = Output::open(options.output, {.variants = plan.jobs.size(),
                                                .byte_ranges = options.byte_ranges,
                                                .append = options.append});
    if (!output) return refused(output.error(), os::exit_system);
    boost::asio::io_context loop(1);
    Session session(loop, options, plan, *output, beginning);
    if (auto const started = session.start(); !started)
        return refused(started.error(), os::exit_system);
    loop.run();
    return session.exit_code();
}

} // namespace

int run(Options const& options) {
    Beginning const beginning{
        .steady = std::chrono::steady_clock::now(),
        .wall = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
    if (options.input == "-" && ::isatty(STDIN_FILENO) != 0) {
        print_remark("nothing to read: -i INPUT, or a pipe");
        return os::exit_usage;
    }
    auto const plan = plan_of_input(options.input);
    if (!plan)
        return refused(plan.error(), plan.error().code == Errc::unavailable ? os::exit_unavailable
                                                                            : os::exit_source);
    for (auto const& announcement : plan->announcements)
        print_report(announcement);
    for (auto const& remark : plan->remarks)
        print_remark(remark);
    return run_plan(options, *plan, beginning);
}

} // namespace continuo::cli::resegment
