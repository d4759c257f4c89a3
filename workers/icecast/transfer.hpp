// One HTTP request to Icecast on libcurl, with what came of it.
#pragma once

#include "workers/icecast/failure.hpp"

#include <curl/curl.h>

#include <cstdint>
#include <string>

namespace continuo::icecast {

struct Server {
    std::string host;
    std::uint16_t port{8000};
    std::string mount; ///< begins with "/"
};

/// On its way from `start` to the multi handle's word that it is done, or to its destruction.
class Transfer {
public:
    /// `path`: with its query. The password goes into the request's head, and nowhere else.
    Transfer(CURLM* multi, Server const& server, std::string const& path,
             std::string const& password);
    Transfer(Transfer const&) = delete;
    Transfer& operator=(Transfer const&) = delete;
    ~Transfer();

    CURL* easy() const noexcept { return easy_; }
    void add_header(std::string const& header);
    void start();
    /// To be called when it is done.
    Outcome outcome(CURLcode code);

private:
    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);

    CURLM* multi_;
    CURL* easy_;
    curl_slist* headers_{};
    std::string body_;
};

} // namespace continuo::icecast
