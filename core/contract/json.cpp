#include "core/contract/json.hpp"

namespace continuo::contract {

Result<nlohmann::json> parse_object(std::string_view text, std::string_view what) {
    try {
        auto value = nlohmann::json::parse(text);
        if (value.is_object()) return value;
        return fail(Errc::malformed, std::string(what) + ": no JSON object");
    } catch (nlohmann::json::parse_error const& error) {
        return fail(Errc::malformed,
                    std::string(what) + ": JSON at byte " + std::to_string(error.byte));
    } catch (nlohmann::json::out_of_range const&) { // 9e999
        return fail(Errc::malformed, std::string(what) + ": a number without limits");
    }
}

std::string to_text(nlohmann::json const& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace continuo::contract
