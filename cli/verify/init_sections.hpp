// The initialisation sections that a run's segments are measured with, each fetched once.
#pragma once

#include "cli/verify/http_client.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace continuo::cli {

/// Lives as long as the session; the client outlives it.
class InitSections {
public:
    /// `first`: of all that asked for it, this was the one for which it was fetched.
    using Use = std::function<void(Answer const& answer, bool first)>;

    explicit InitSections(HttpClient& client) : client_(client) {}

    /// Calls `use` with the answer to `request`: at once when it is there, else from inside
    /// `HttpClient::wait`. Its URL and headers tell one from another; what failed is not asked for
    /// again.
    void with(Request const& request, Use use);

private:
    struct Section {
        std::unique_ptr<Answer const> answer; ///< null while it is on its way
        std::vector<Use> waiting;
    };

    HttpClient& client_;
    std::map<std::pair<std::string, std::vector<std::string>>, Section> sections_;
};

} // namespace continuo::cli
