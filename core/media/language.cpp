#include "core/media/language.hpp"

#include <algorithm>
#include <array>

namespace continuo::media {
namespace {

/// Two letters, three letters, and the other three where bibliographers write it differently.
constexpr std::array<std::array<std::string_view, 3>, 48> codes{
    {{"ar", "ara", ""},    {"bg", "bul", ""},    {"bn", "ben", ""},    {"ca", "cat", ""},
     {"cs", "ces", "cze"}, {"cy", "cym", "wel"}, {"da", "dan", ""},    {"de", "deu", "ger"},
     {"el", "ell", "gre"}, {"en", "eng", ""},    {"es", "spa", ""},    {"et", "est", ""},
     {"eu", "eus", "baq"}, {"fa", "fas", "per"}, {"fi", "fin", ""},    {"fr", "fra", "fre"},
     {"he", "heb", ""},    {"hi", "hin", ""},    {"hr", "hrv", ""},    {"hu", "hun", ""},
     {"hy", "hye", "arm"}, {"id", "ind", ""},    {"is", "isl", "ice"}, {"it", "ita", ""},
     {"ja", "jpn", ""},    {"ka", "kat", "geo"}, {"ko", "kor", ""},    {"lt", "lit", ""},
     {"lv", "lav", ""},    {"mk", "mkd", "mac"}, {"ms", "msa", "may"}, {"nl", "nld", "dut"},
     {"no", "nor", ""},    {"pl", "pol", ""},    {"pt", "por", ""},    {"ro", "ron", "rum"},
     {"ru", "rus", ""},    {"sk", "slk", "slo"}, {"sl", "slv", ""},    {"sq", "sqi", "alb"},
     {"sr", "srp", ""},    {"sv", "swe", ""},    {"ta", "tam", ""},    {"th", "tha", ""},
     {"tr", "tur", ""},    {"uk", "ukr", ""},    {"vi", "vie", ""},    {"zh", "zho", "chi"}}};

bool equals(std::string_view one, std::string_view other) noexcept {
    return std::ranges::equal(one, other, {}, lower, lower);
}

std::string_view without_region(std::string_view language) noexcept {
    return language.substr(0, language.find_first_of("-_"));
}

} // namespace

bool is_same_language(std::string_view one, std::string_view other) noexcept {
    one = without_region(one);
    other = without_region(other);
    if (one.empty() || other.empty()) return false;
    if (equals(one, other)) return true;
    auto const is_named = [](auto const& names, std::string_view language) {
        return std::ranges::any_of(names, [&](auto name) { return equals(name, language); });
    };
    return std::ranges::any_of(
        codes, [&](auto const& names) { return is_named(names, one) && is_named(names, other); });
}

} // namespace continuo::media
