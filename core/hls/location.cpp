#include "core/hls/location.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <new>

namespace continuo::hls {
namespace {

struct FreeUrl {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct FreeText {
    void operator()(char* text) const noexcept { curl_free(text); }
};

/// "https" of "https://host"; empty where there is none.
std::string scheme_of(std::string_view text) {
    auto const end = text.find("://");
    if (end == std::string_view::npos) return {};
    std::string scheme(text.substr(0, end));
    auto const is_part_of_one = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
    };
    if (!std::ranges::all_of(scheme, is_part_of_one)) return {};
    std::ranges::transform(scheme, scheme.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return scheme;
}

Result<std::string> path_of_file_url(std::string_view text) {
    auto const host_and_path = text.substr(text.find("://") + 3);
    auto const path = host_and_path.substr(std::min(host_and_path.find('/'), host_and_path.size()));
    auto const host = host_and_path.substr(0, host_and_path.size() - path.size());
    if (path.empty() || (!host.empty() && host != "localhost")) {
        return fail(Errc::unsupported, "a file of another machine");
    }
    int length = 0;
    std::unique_ptr<char, FreeText> const decoded(
        curl_easy_unescape(nullptr, path.data(), static_cast<int>(path.size()), &length));
    if (!decoded) throw std::bad_alloc();
    return std::string(decoded.get(), static_cast<std::size_t>(length));
}

Result<std::string> resolved_url(std::string const& base, std::string const& reference) {
    std::unique_ptr<CURLU, FreeUrl> const url(curl_url());
    if (!url) throw std::bad_alloc();
    char* text = nullptr;
    // the second URL is taken as seen from the first
    if (curl_url_set(url.get(), CURLUPART_URL, base.c_str(), CURLU_URLENCODE) != CURLUE_OK ||
        curl_url_set(url.get(), CURLUPART_URL, reference.c_str(), CURLU_URLENCODE) != CURLUE_OK ||
        curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) {
        return fail(Errc::malformed, "the URI \"" + reference + "\"");
    }
    std::unique_ptr<char, FreeText> const owned(text);
    return std::string(text);
}

} // namespace

bool is_http(std::string_view location) noexcept {
    auto const begins_with = [&](std::string_view scheme) {
        return location.size() > scheme.size() &&
               std::ranges::equal(scheme, location.substr(0, scheme.size()),
                                  [](char a, unsigned char b) { return a == std::tolower(b); });
    };
    return begins_with("http://") || begins_with("https://");
}

Result<std::string> location_of(std::string_view text) {
    auto const scheme = scheme_of(text);
    if (scheme.empty() || is_http(text)) return std::string(text);
    if (scheme == "file") return path_of_file_url(text);
    return fail(Errc::unsupported, "\"" + scheme + "\" is neither http, https nor a file");
}

Result<std::string> resolved(std::string const& base, std::string_view reference) {
    if (is_http(reference)) return std::string(reference);
    if (auto const scheme = scheme_of(reference); !scheme.empty()) {
        if (scheme != "file" || is_http(base)) {
            return fail(Errc::unsupported, "a URI of the scheme \"" + scheme + "\"");
        }
        return path_of_file_url(reference);
    }
    if (is_http(base)) return resolved_url(base, std::string(reference));
    return (std::filesystem::path(base).parent_path() / reference).string();
}

} // namespace continuo::hls
