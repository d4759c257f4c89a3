#include "workers/egress/visit.hpp"

#include "workers/egress/as_result.hpp"
#include "workers/egress/command_line.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace continuo::egress {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t buffer_size = 64 * 1024;
constexpr std::chrono::seconds farewell{2};
constexpr char tls_handshake = 0x16; // RFC 8446 §5.1: the first record of a client

tcp::endpoint endpoint_of(IpAddress const& address, std::uint16_t port) {
    if (address.is_v6) return {asio::ip::address_v6(address.bytes), port};
    asio::ip::address_v4::bytes_type v4;
    std::copy_n(address.bytes.begin(), v4.size(), v4.begin());
    return {asio::ip::address_v4(v4), port};
}

std::string_view phrase_of(unsigned status) {
    switch (status) {
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 405: return "Method Not Allowed";
    case 431: return "Request Header Fields Too Large";
    case 504: return "Gateway Timeout";
    default: return "Bad Gateway";
    }
}

std::string answer(unsigned status, std::string_view reason) {
    auto const sentence = std::string(workers::egress::reason_mark).append(reason);
    auto const body = std::string(phrase_of(status)) + ". " + sentence + "\n";
    return "HTTP/1.1 " + std::to_string(status) + " " + sentence +
           "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
}

} // namespace

Visit::Visit(tcp::socket client, Door const& door, Surroundings& surroundings)
    : door_(door)
    , surroundings_(surroundings)
    , client_(std::move(client))
    , origin_(client_.get_executor())
    , lookup_timer_(client_.get_executor()) {
    deadlines_.fill(Clock::time_point::max());
}

void Visit::begin() {
    spawn(serve(shared_from_this()));
}

/// What can be thrown is memory that ran out: the visit ends with it.
void Visit::spawn(asio::awaitable<void> part) {
    asio::co_spawn(client_.get_executor(), std::move(part),
                   [self = shared_from_this()](std::exception_ptr failure) {
                       if (failure) self->close();
                   });
}

bool Visit::is_overdue(Clock::time_point now) const {
    return std::ranges::any_of(deadlines_, [&](auto deadline) { return now > deadline; });
}

void Visit::interrupt() {
    deadlines_.fill(Clock::time_point::max());
    error_code ignored; // it is closed in any case
    if (is_connecting_)
        origin_.close(ignored); // to the next address
    else
        close();
}

void Visit::expect(Way way, std::chrono::milliseconds time) {
    deadlines_[way] = Clock::now() + time;
}

void Visit::close() {
    error_code ignored; // they are closed in any case
    client_.close(ignored);
    origin_.close(ignored);
}

asio::awaitable<void> Visit::serve(std::shared_ptr<Visit> self) {
    auto const head = co_await read_head();
    if (!head) co_return;
    auto parsed = parse_request(*head, door_.gateway);
    if (auto const* const refusal = std::get_if<Refusal>(&parsed)) {
        co_await refuse("a request", refusal->status, refusal->reason);
        co_return;
    }
    auto const& request = std::get<Request>(parsed);
    auto const what = to_text(request.place);
    if (auto const checked = check_place(door_, request.place); !checked) {
        co_await refuse(what, 403, checked.error().context);
        co_return;
    }
    auto const addresses = co_await addresses_of(request.place);
    if (!addresses) {
        auto const is_late = addresses.error().code == make_error_code(Errc::unavailable);
        co_await refuse(what, is_late ? 504 : 502, addresses.error().context);
        co_return;
    }
    auto checked = check_addresses(door_, request.place, *addresses);
    if (checked) checked = check_own(*addresses, request.place);
    if (!checked) {
        co_await refuse(what, 403, checked.error().context);
        co_return;
    }
    if (!co_await connect(*addresses, request.place.port)) {
        co_await refuse(what, 502, request.place.host + " does not answer.");
        co_return;
    }
    if (!co_await greet(request, received_)) co_return close();
    if (request.is_tunnel)
        spawn(forward(self, to_origin));
    else
        spawn(watch_client(self));
    co_await forward(self, to_client);
}

/// Nothing where the client went away, was too slow, or was refused already.
asio::awaitable<std::optional<std::string>> Visit::read_head() {
    constexpr std::string_view end_of_head = "\r\n\r\n";
    expect(to_origin, surroundings_.patience.head);
    std::array<char, 4096> buffer;
    for (;;) {
        auto const end = received_.find(end_of_head);
        if (end != std::string::npos) {
            auto head = received_.substr(0, end + end_of_head.size());
            received_.erase(0, head.size());
            co_return head;
        }
        if (received_.size() > longest_head) {
            co_await refuse("a request", 431, "its head is too long");
            co_return std::nullopt;
        }
        auto const [code, count] =
            co_await client_.async_read_some(asio::buffer(buffer), as_result);
        if (code) co_return std::nullopt;
        received_.append(buffer.data(), count);
    }
}

asio::awaitable<Network::Answer> Visit::addresses_of(WebPlace const& place) {
    deadlines_.fill(Clock::time_point::max()); // the timer is the deadline
    if (place.address) {
        std::vector<IpAddress> only{*place.address};
        co_return Network::Answer(std::move(only));
    }
    auto const found = std::make_shared<std::optional<Network::Answer>>();
    lookup_timer_.expires_after(surroundings_.patience.lookup);
    std::function<void(Network::Answer)> done = [found, visit = weak_from_this()](auto answer) {
        *found = std::move(answer);
        if (auto const alive = visit.lock()) alive->lookup_timer_.cancel();
    };
    surroundings_.network.look_up(place.host, std::move(done));
    co_await lookup_timer_.async_wait(as_result);
    if (!*found)
        co_return Network::Answer(
            fail(Errc::unavailable, "no name server says in time where " + place.host + " is."));
    co_return **found;
}

Result<> Visit::check_own(std::span<IpAddress const> addresses, WebPlace const& place) const {
    if (door_.allow_private || door_.gateway == place) return {};
    auto const is_ours = [&](IpAddress const& address) {
        return surroundings_.network.is_ours(address);
    };
    if (std::ranges::none_of(addresses, is_ours)) return {};
    return fail(Errc::unsupported, place.host + " leads to this server itself.");
}

asio::awaitable<bool> Visit::connect(std::span<IpAddress const> addresses, std::uint16_t port) {
    is_connecting_ = true;
    auto is_connected = false;
    auto const last_call = Clock::now() + surroundings_.patience.connects;
    for (auto const& address : addresses) {
        if (Clock::now() > last_call) break;
        error_code ignored; // of an attempt that failed
        origin_.close(ignored);
        expect(to_origin, surroundings_.patience.connect);
        auto const endpoint = endpoint_of(address, port);
        auto const [code] = co_await origin_.async_connect(endpoint, as_result);
        is_connected = !code;
        if (is_connected) break;
    }
    is_connecting_ = false;
    deadlines_.fill(Clock::time_point::max());
    if (is_connected) {
        error_code ignored; // a matter of speed
        origin_.set_option(tcp::no_delay(true), ignored);
    }
    co_return is_connected;
}

/// `behind_head`: what the client sent along; of a request that is no tunnel it goes nowhere.
asio::awaitable<bool> Visit::greet(Request const& request, std::string_view behind_head) {
    expect(to_origin, surroundings_.patience.silence);
    if (!request.is_tunnel) {
        auto const [code, count] =
            co_await asio::async_write(origin_, asio::buffer(request.head), as_result);
        co_return !code;
    }
    constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\n\r\n";
    auto const [code, count] =
        co_await asio::async_write(client_, asio::buffer(established), as_result);
    if (code || (behind_head.empty() && !co_await begins_with_tls())) co_return false;
    if (received_.front() != tls_handshake) {
        surroundings_.on_refused(to_text(request.place), "what goes through a tunnel is no TLS");
        co_return false;
    }
    auto const [failure, written] =
        co_await asio::async_write(origin_, asio::buffer(received_), as_result);
    co_return !failure;
}

/// Waits for the first bytes.
asio::awaitable<bool> Visit::begins_with_tls() {
    std::array<char, 4096> buffer;
    auto const [code, count] = co_await client_.async_read_some(asio::buffer(buffer), as_result);
    received_.assign(buffer.data(), code ? 0 : count);
    co_return !received_.empty();
}

/// Until either side has had enough; then both are closed.
asio::awaitable<void> Visit::forward(std::shared_ptr<Visit> /*self*/, Way way) {
    auto& from = way == to_client ? origin_ : client_;
    auto& into = way == to_client ? client_ : origin_;
    auto const& patience = surroundings_.patience;
    std::vector<char> buffer(buffer_size);
    for (;;) {
        if (way == to_client)
            expect(way, patience.silence);
        else
            deadlines_[way] = Clock::time_point::max(); // a client says nothing while it listens
        auto const [end, count] = co_await from.async_read_some(asio::buffer(buffer), as_result);
        if (end && end != asio::error::eof) co_return close();
        if (end) break;
        expect(way, way == to_client ? patience.pause : patience.silence);
        auto const [failure, written] =
            co_await asio::async_write(into, asio::buffer(buffer, count), as_result);
        if (failure) break;
    }
    error_code ignored; // the other way may still have something to say
    into.shutdown(tcp::socket::shutdown_send, ignored);
    if (way == to_client) close();
}

/// What a client sends after its request goes nowhere; when it goes away, so does the origin.
asio::awaitable<void> Visit::watch_client(std::shared_ptr<Visit> /*self*/) {
    std::array<char, 512> discarded;
    error_code end;
    deadlines_[to_origin] = Clock::time_point::max();
    while (!end) {
        auto const [code, count] =
            co_await client_.async_read_some(asio::buffer(discarded), as_result);
        end = code;
    }
    close();
}

asio::awaitable<void> Visit::refuse(std::string_view what, unsigned status, std::string reason) {
    surroundings_.on_refused(what, reason);
    deadlines_.fill(Clock::time_point::max());
    expect(to_client, farewell);
    auto const text = answer(status, reason);
    co_await asio::async_write(client_, asio::buffer(text), as_result);
    // Closing over bytes that the client still sends would reset the connection before it has read
    // the answer.
    error_code end;
    client_.shutdown(tcp::socket::shutdown_send, end);
    std::array<char, 4096> discarded;
    while (!end) {
        auto const [code, count] =
            co_await client_.async_read_some(asio::buffer(discarded), as_result);
        end = code;
    }
    close();
}

} // namespace continuo::egress
