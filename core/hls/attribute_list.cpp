#include "core/hls/attribute_list.hpp"

#include "core/hls/value.hpp"

#include <algorithm>

namespace continuo::hls {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

Result<AttributeList> AttributeList::parse(std::string_view text) {
    AttributeList list;
    for (auto rest = trimmed(text); !rest.empty(); rest = trimmed(rest)) {
        auto const equals = rest.find('=');
        if (equals == std::string_view::npos)
            return fail(Errc::malformed, "attribute " + std::string{rest} + " has no value");
        auto const name = trimmed(rest.substr(0, equals));
        if (name.empty()) return fail(Errc::malformed, "an attribute without a name");
        rest = trimmed(rest.substr(equals + 1));

        std::string_view value;
        std::string_view written;
        if (rest.starts_with('"')) {
            auto const close = rest.find('"', 1);
            if (close == std::string_view::npos)
                return fail(Errc::malformed,
                            "attribute " + std::string{name} + " lacks a closing quote");
            value = rest.substr(1, close - 1);
            written = rest.substr(0, close + 1);
            rest = trimmed(rest.substr(close + 1));
            if (!rest.empty() && rest.front() != ',')
                return fail(Errc::malformed,
                            "attribute " + std::string{name} + ": text after the closing quote");
        } else {
            auto const comma = rest.find(',');
            value = written = trimmed(rest.substr(0, comma));
            if (value.find('"') != std::string_view::npos)
                return fail(Errc::malformed,
                            "attribute " + std::string{name} + ": a quote inside its value");
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma);
        }
        list.attributes_.push_back({.name = name, .value = value, .written = written});
        if (rest.starts_with(',')) rest.remove_prefix(1);
    }
    return list;
}

std::optional<std::string_view> AttributeList::find(std::string_view name) const noexcept {
    auto const found = std::ranges::find(attributes_, name, &Attribute::name);
    if (found == attributes_.end()) return std::nullopt;
    return found->value;
}

std::string AttributeList::text(std::string_view name) const {
    return std::string{find(name).value_or(std::string_view{})};
}

std::optional<std::uint64_t> AttributeList::integer(std::string_view name) const noexcept {
    auto const value = find(name);
    return value ? parse_integer(*value) : std::nullopt;
}

bool AttributeList::yes(std::string_view name) const noexcept {
    return find(name) == std::string_view{"YES"};
}

} // namespace continuo::hls
