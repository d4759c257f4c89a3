#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace continuo::storage {
namespace {

bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Nothing for a bad escape, and for characters that would end or split a path.
std::optional<std::string> unescaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            unsigned char code{};
            auto const* const begin = text.data() + i + 1;
            if (i + 2 >= text.size() ||
                std::from_chars(begin, begin + 2, code, 16).ptr != begin + 2 || code == '/')
                return std::nullopt;
            c = static_cast<char>(code);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return std::nullopt;
        result += c;
    }
    return result;
}

/// Walks from the folder of a playlist along a reference; empty names and "." lead nowhere.
class Walk {
public:
    /// False where the step leads out of the asset's folder.
    bool step(std::string name) {
        if (name.empty() || name == ".") return true;
        if (name != "..") {
            names_.push_back(std::move(name));
            return true;
        }
        if (names_.empty()) return false;
        names_.pop_back();
        return true;
    }
    void leave_file() {
        if (!names_.empty()) names_.pop_back();
    }
    std::string path() const { return fmt::format("{}", fmt::join(names_, "/")); }

private:
    std::vector<std::string> names_;
};

template <class Visit>
bool for_each_name(std::string_view path, Visit visit) {
    for (;;) {
        auto const end = std::min(path.find('/'), path.size());
        if (!visit(path.substr(0, end))) return false;
        if (end == path.size()) return true;
        path.remove_prefix(end + 1);
    }
}

} // namespace

bool has_scheme(std::string_view text) noexcept {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter_or_digit(text.front()))
        return false;
    return std::ranges::all_of(text.substr(0, colon), [](char c) {
        return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

Accepted<std::string> path_of(std::string_view playlist, std::string_view reference) {
    auto const refuse = [&](std::string_view why) {
        return refused(fmt::format("\"{}\" {}", reference, why));
    };
    if (has_scheme(reference) || reference.starts_with('/'))
        return refuse("is absolute; only files of the asset's folder are served");
    Walk walk;
    (void)for_each_name(playlist, [&](auto name) { return walk.step(std::string(name)); });
    walk.leave_file();
    bool malformed = false;
    bool const stays =
        for_each_name(reference.substr(0, reference.find_first_of("?#")), [&](auto name) {
            auto text = unescaped(name);
            malformed = !text;
            return text && walk.step(*std::move(text));
        });
    if (malformed) return refuse("is no URI");
    auto path = walk.path();
    if (!stays) return refuse("leads out of the asset's folder");
    if (path.empty() || reference.ends_with('/')) return refuse("names no file");
    return path;
}

std::string uri_of(std::string_view path) {
    std::string uri;
    for (char const c : path) {
        if (is_letter_or_digit(c) || std::string_view("-._~/").find(c) != std::string_view::npos)
            uri += c;
        else
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

} // namespace continuo::storage
