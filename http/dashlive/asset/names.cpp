#include "http/dashlive/asset/names.hpp"

#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space{" \t\r\n"};
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Calls `plain` for what stands between identifiers, `identifier` for what stands in "$...$".
/// False where a '$' is left alone.
template <class Plain, class Identifier>
bool for_each_part(std::string_view text, Plain plain, Identifier identifier) {
    for (;;) {
        auto const begin = text.find('$');
        plain(text.substr(0, begin));
        if (begin == std::string_view::npos) return true;
        auto const end = text.find('$', begin + 1);
        if (end == std::string_view::npos) return false;
        identifier(text.substr(begin + 1, end - begin - 1));
        text.remove_prefix(end + 1);
    }
}

} // namespace

Accepted<std::string> base_below(std::string_view base, dash::Element const& element) {
    auto const* const child = element.find_child("BaseURL");
    if (!child) return std::string(base);
    auto const url = trimmed(child->text);
    if (url.empty() || url == "." || url == "./") return std::string(base);
    if (storage::has_scheme(url) || url.starts_with('/'))
        return storage::refused(fmt::format(
            "its BaseURL \"{}\" is absolute; only files beside the MPD are served: remove it",
            url));
    // Of a folder: whatever lies in it.
    auto path = storage::path_of(base, fmt::format("{}{}", url, url.ends_with('/') ? "_" : ""));
    if (!path)
        return storage::refused(
            fmt::format("its BaseURL \"{}\" leads out of the asset's folder", url));
    return path;
}

Accepted<std::string> name_template(std::string_view base, std::string_view text,
                                    TrackName const& track) {
    std::string reference;
    bool const is_whole = for_each_part(
        text, [&](auto plain) { reference += plain; },
        [&](auto identifier) {
            if (identifier == "RepresentationID") {
                reference += storage::uri_of(track.id);
            } else if (identifier == "Bandwidth") {
                reference += fmt::format("{}", track.bandwidth_bps);
            } else {
                // "%05d" is no escape.
                reference += '$';
                for (char const c : identifier)
                    reference += c == '%' ? std::string("%25") : std::string(1, c);
                reference += '$';
            }
        });
    if (!is_whole) return storage::refused(fmt::format("\"{}\" has a '$' too many", text));
    return storage::path_of(base, reference);
}

std::string uri_of_template(std::string_view name) {
    std::string uri;
    (void)for_each_part(
        name, [&](auto plain) { uri += storage::uri_of(plain); },
        [&](auto identifier) { uri += fmt::format("${}$", identifier); });
    return uri;
}

std::string extension_of(std::string_view name) {
    auto const file = name.substr(name.rfind('/') + 1); // npos + 1 is 0
    auto const dot = file.rfind('.');
    return dot == std::string_view::npos ? std::string() : std::string(file.substr(dot + 1));
}

} // namespace continuo::dashlive
