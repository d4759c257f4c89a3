#include "core/base/result.hpp"

#include <cerrno>
#include <stdexcept>

namespace continuo {
namespace {

class Category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "continuo"; }

    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
        case Errc::malformed: return "malformed";
        case Errc::truncated: return "truncated";
        case Errc::unsupported: return "not supported";
        case Errc::out_of_range: return "out of range";
        case Errc::not_found: return "not found";
        case Errc::conflict: return "not possible in the present state";
        case Errc::unavailable: return "not available";
        }
        return "unknown error";
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept {
    static Category const category;
    return category;
}

std::string to_text(Error const& error) {
    return error.context + ": " + error.code.message();
}

Error fail_errno(std::string context) {
    return {{errno, boost::system::generic_category()}, std::move(context)};
}

void throw_exception_from_error(Error const& error, boost::source_location const&) {
    throw std::runtime_error(to_text(error));
}

} // namespace continuo
