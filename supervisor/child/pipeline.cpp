#include "supervisor/child/pipeline.hpp"

#include "core/os/pipe.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace continuo::child {
namespace {

using namespace std::chrono_literals;

constexpr auto drain_deadline = 2500ms;
constexpr auto stop_deadline = 1400ms;

/// What it wrote had no reader any more.
bool lost_its_reader(Exit const& exit) {
    return exit.kind == Exit::Kind::signaled && exit.value == SIGPIPE;
}

} // namespace

std::size_t cause_of(std::vector<Exit> const& exits, std::vector<bool> const& over,
                     std::size_t noticed) {
    auto cause = noticed;
    while (lost_its_reader(exits[cause]) && cause + 1 < exits.size() && over[cause + 1])
        ++cause;
    // Clean ends follow from the end of the input, unless that is who lost its reader.
    while (exits[cause].clean() && cause > 0 && over[cause - 1] &&
           !lost_its_reader(exits[cause - 1]))
        --cause;
    return cause;
}

bool PipelineExit::clean() const {
    return std::all_of(members.begin(), members.end(),
                       [](Member const& member) { return member.exit.clean(); });
}

bool PipelineExit::is_killed() const {
    return members[first_ended].exit.kind == Exit::Kind::signaled;
}

std::string PipelineExit::describe() const {
    auto const& culprit = members[first_ended];
    auto const seconds =
        std::chrono::duration_cast<std::chrono::seconds>(culprit.exit.uptime).count();
    auto text = fmt::format("{}[{}] {} after {} s", culprit.name, culprit.pid,
                            to_text(culprit.exit), seconds);
    // A clean end of the first may only follow from the failure of another.
    for (auto const& member : members)
        if (culprit.exit.clean() && !member.exit.clean() && &member != &culprit)
            return fmt::format("{}[{}] {} after {} s{}{}", member.name, member.pid,
                               to_text(member.exit), seconds, member.last_words.empty() ? "" : ": ",
                               member.last_words);
    if (!culprit.exit.clean() && !culprit.last_words.empty()) text += ": " + culprit.last_words;
    return text;
}

struct Pipeline::State : std::enable_shared_from_this<Pipeline::State> {
    State(asio::any_io_executor const& executor, PipelineHandlers handlers_of)
        : handlers(std::move(handlers_of)), deadline(executor) {}

    void ended(std::size_t index) {
        if (running-- == children.size()) {
            first_noticed = index;
            for (auto const& child : children)
                over.push_back(child->is_over());
            for (std::size_t before = 0; before < index; ++before)
                children[before]->kill();
            if (!result.requested) kill_rest_after(drain_deadline);
        }
        if (running > 0) return;
        deadline.cancel();
        std::vector<Exit> exits;
        for (auto const& child : children) {
            exits.push_back(*child->exit());
            result.members.push_back({.name = child->name(),
                                      .pid = child->pid(),
                                      .exit = *child->exit(),
                                      .last_words = child->last_words()});
        }
        result.first_ended = cause_of(exits, over, first_noticed);
        auto const on_end = std::exchange(handlers.on_end, nullptr);
        if (on_end) on_end(result);
    }

    void kill_rest_after(std::chrono::milliseconds time) {
        deadline.expires_after(time);
        deadline.async_wait([self = shared_from_this()](boost::system::error_code code) {
            if (!code) self->kill();
        });
    }

    void kill() {
        for (auto const& child : children)
            child->kill();
    }

    PipelineHandlers handlers;
    asio::steady_timer deadline;
    std::vector<std::unique_ptr<Child>> children;
    std::size_t running{};
    std::size_t first_noticed{};
    std::vector<bool> over; ///< by the time when the first end was noticed
    PipelineExit result;
};

Result<std::unique_ptr<Pipeline>>
Pipeline::start(asio::any_io_executor executor, std::vector<workers::Command> const& commands,
                std::optional<int> input, PipelineHandlers handlers, std::optional<int> output,
                FurtherOutputs const& further) {
    auto state = std::make_shared<State>(executor, std::move(handlers));
    os::Descriptor before; // the reading end of the pipe before
    for (std::size_t index = 0; index < commands.size(); ++index) {
        os::Pipe pipe;
        auto const last = index + 1 == commands.size();
        if (!last) {
            auto made = os::make_pipe();
            if (!made) return made.error();
            pipe = *std::move(made);
        }
        Handlers child_handlers{.on_line =
                                    [weak = std::weak_ptr(state),
                                     name = commands[index].name](std::string const& line) {
                                        if (auto const self = weak.lock();
                                            self && self->handlers.on_line)
                                            self->handlers.on_line(name, line);
                                    },
                                .on_exit =
                                    [weak = std::weak_ptr(state), index](Exit const&) {
                                        if (auto const self = weak.lock()) self->ended(index);
                                    }};
        auto child = Child::spawn(executor, commands[index],
                                  {.input = before ? std::optional(before.get()) : input,
                                   .output = last ? output : std::optional(pipe.writer.get()),
                                   .further = last ? further : FurtherOutputs{}},
                                  std::move(child_handlers));
        if (!child) return child.error(); // `state` dies here and takes those that run along
        before = std::move(pipe.reader);
        state->children.push_back(*std::move(child));
    }
    state->running = state->children.size();
    return std::unique_ptr<Pipeline>(new Pipeline(std::move(state)));
}

Pipeline::Pipeline(std::shared_ptr<State> state) : state_(std::move(state)) {}

Pipeline::~Pipeline() {
    state_->handlers = {};
    state_->deadline.cancel();
    state_->children.clear();
}

void Pipeline::stop() {
    if (std::exchange(state_->result.requested, true) || state_->running == 0) return;
    state_->children.front()->stop();
    state_->kill_rest_after(stop_deadline);
}

void Pipeline::kill() {
    state_->kill();
}

void Pipeline::signal_last(int number) {
    auto const& last = *state_->children.back();
    if (!last.exit()) ::kill(last.pid(), number);
}

std::vector<pid_t> Pipeline::pids() const {
    std::vector<pid_t> pids;
    for (auto const& child : state_->children)
        if (!child->exit()) pids.push_back(child->pid());
    return pids;
}

std::string Pipeline::last_words() const {
    for (auto const& child : state_->children)
        if (auto words = child->last_words(); !words.empty()) return words;
    return {};
}

} // namespace continuo::child
