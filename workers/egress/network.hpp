// What the proxy asks the system about names and addresses; tests answer in its place.
#pragma once

#include "core/base/ip_address.hpp"
#include "core/base/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace continuo::egress {

class Network {
public:
    using Answer = Result<std::vector<IpAddress>>;

    Network() = default;
    Network(Network const&) = delete;
    Network& operator=(Network const&) = delete;
    virtual ~Network() = default;

    /// All addresses of `host`, the best one first. `done` is called on the loop, later.
    virtual void look_up(std::string const& host, std::function<void(Answer)> done) = 0;
    /// Whether `address` is this machine's own, be it anybody's to reach: what listens here may
    /// trust who comes from here.
    virtual bool is_ours(IpAddress const& address) const = 0;
};

/// The machine's own resolver. It has no answer that can be waited for but a thread's; a few, so
/// that a name server that is stuck holds up few others.
class SystemNetwork : public Network {
public:
    static constexpr std::size_t threads = 4;
    static constexpr std::size_t most_waiting = 64;

    explicit SystemNetwork(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

    void look_up(std::string const& host, std::function<void(Answer)> done) override;
    bool is_ours(IpAddress const& address) const override;

private:
    boost::asio::any_io_executor loop_;
    std::size_t waiting_{0}; ///< of the loop's thread alone
    boost::asio::thread_pool pool_{threads};
};

} // namespace continuo::egress
