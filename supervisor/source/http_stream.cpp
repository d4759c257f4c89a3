#include "supervisor/source/http_stream.hpp"

#include "supervisor/source/http_transfer.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include <cstdint>
#include <map>
#include <new>
#include <utility>

namespace continuo::source {
namespace {

using Descriptor = asio::posix::stream_descriptor;

} // namespace

/// Kept alive by the handlers that are under way; `HttpStream` only points at it.
struct HttpStream::State : std::enable_shared_from_this<HttpStream::State> {
    /// A descriptor of libcurl's, which closes it.
    struct Watch {
        Watch(asio::any_io_executor const& executor, curl_socket_t fd) : descriptor(executor, fd) {}
        Watch(Watch const&) = delete;
        Watch& operator=(Watch const&) = delete;
        ~Watch() { end(); }

        void end() {
            wants_read = wants_write = false;
            (void)descriptor.release();
        }

        Descriptor descriptor;
        bool wants_read{false};
        bool wants_write{false};
        bool waits_for_read{false};
        bool waits_for_write{false};
    };

    State(asio::any_io_executor executor_of, HttpStreamHandlers handlers_of)
        : executor(std::move(executor_of)), handlers(std::move(handlers_of)), timer(executor) {}

    void open() {
        static auto const initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (initialised == CURLE_OK) multi = curl_multi_init();
        if (!multi) throw std::bad_alloc();
        curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &State::on_socket);
        curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &State::on_timer);
        curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    }

    void get(HttpRequest const& request) {
        give_up();
        transfer = std::make_unique<HttpTransfer>(multi, request);
    }

    void give_up() {
        ++requests_over;
        transfer.reset();
    }

    void close() {
        give_up();
        curl_multi_cleanup(std::exchange(multi, nullptr));
        timer.cancel();
        for (auto const& [fd, watch] : watches)
            watch->end();
        watches.clear();
    }

    // libcurl tells what to watch; it is always told before a descriptor is closed.
    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
        auto& state = *static_cast<State*>(self);
        auto watch = state.watches.find(fd);
        if (what == CURL_POLL_REMOVE) {
            if (watch == state.watches.end()) return 0;
            watch->second->end();
            state.watches.erase(watch);
            return 0;
        }
        if (watch == state.watches.end())
            watch = state.watches.emplace(fd, std::make_shared<Watch>(state.executor, fd)).first;
        watch->second->wants_read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
        watch->second->wants_write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
        state.wait_for(watch->second);
        return 0;
    }

    static int on_timer(CURLM*, long delay_ms, void* self) {
        auto& state = *static_cast<State*>(self);
        state.timer.cancel();
        if (delay_ms < 0) return 0;
        state.timer.expires_after(std::chrono::milliseconds{delay_ms});
        state.timer.async_wait([kept = state.shared_from_this()](boost::system::error_code code) {
            if (!code && kept->multi) kept->act(CURL_SOCKET_TIMEOUT, 0);
        });
        return 0;
    }

    /// Waits for what libcurl wants and is not waited for yet; after each event anew, since it may
    /// leave something unread.
    void wait_for(std::shared_ptr<Watch> const& watch) {
        if (watch->wants_read && !std::exchange(watch->waits_for_read, true))
            watch->descriptor.async_wait(
                Descriptor::wait_read,
                [self = shared_from_this(), watch](boost::system::error_code code) {
                    watch->waits_for_read = false;
                    if (!code && watch->wants_read) self->on_event(watch, CURL_CSELECT_IN);
                });
        if (watch->wants_write && !std::exchange(watch->waits_for_write, true))
            watch->descriptor.async_wait(
                Descriptor::wait_write,
                [self = shared_from_this(), watch](boost::system::error_code code) {
                    watch->waits_for_write = false;
                    if (!code && watch->wants_write) self->on_event(watch, CURL_CSELECT_OUT);
                });
    }

    void on_event(std::shared_ptr<Watch> const& watch, int events) {
        act(watch->descriptor.native_handle(), events);
        wait_for(watch);
    }

    /// Lets libcurl work, then hands on what came: handlers may do as they like outside of it.
    void act(curl_socket_t fd, int events) {
        int running = 0;
        curl_multi_socket_action(multi, fd, events, &running);
        int left = 0;
        while (auto const* const message = curl_multi_info_read(multi, &left))
            if (message->msg == CURLMSG_DONE) transfer->finish(message->data.result);
        hand_on();
    }

    void hand_on() {
        if (!transfer) return;
        auto const response = transfer->take_response();
        auto const bytes = transfer->take_bytes();
        auto const failure = transfer->failure();
        if (failure) transfer.reset();
        auto const before = requests_over;
        if (response) handlers.on_response(*response);
        if (before == requests_over && !bytes.empty()) handlers.on_bytes(bytes);
        if (before == requests_over && failure) handlers.on_end(*failure);
    }

    asio::any_io_executor executor;
    HttpStreamHandlers handlers;
    asio::steady_timer timer;
    CURLM* multi{};
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches;
    std::unique_ptr<HttpTransfer> transfer;
    std::uint64_t requests_over{0}; ///< by `get` or `close`: what was still to be said is not
};

HttpStream::HttpStream(asio::any_io_executor executor, HttpStreamHandlers handlers)
    : state_(std::make_shared<State>(std::move(executor), std::move(handlers))) {
    state_->open();
}

HttpStream::~HttpStream() {
    state_->close();
}

void HttpStream::get(HttpRequest const& request) {
    state_->get(request);
}

void HttpStream::close() {
    state_->give_up();
}

} // namespace continuo::source
