#include "core/config/document.hpp"

#include <yaml-cpp/eventhandler.h>

#include <sstream>

namespace continuo::config {
namespace {

/// Wants nothing of a document but where it begins.
class Beginning final : public YAML::EventHandler {
public:
    Place place;

    void OnDocumentStart(YAML::Mark const& mark) override { place = place_of(mark); }
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const&, YAML::anchor_t) override {}
    void OnAlias(YAML::Mark const&, YAML::anchor_t) override {}
    void OnScalar(YAML::Mark const&, std::string const&, YAML::anchor_t,
                  std::string const&) override {}
    void OnSequenceStart(YAML::Mark const&, std::string const&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(YAML::Mark const&, std::string const&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

} // namespace

YAML::Node parse_document(std::string const& text, Problems& problems) {
    // YAML::LoadAll would tell as well, but it never returns from a text that begins with a comma.
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Beginning beginning;
    if (parser.HandleNextDocument(beginning) && parser.HandleNextDocument(beginning))
        problems.add(beginning.place, "",
                     "the file's one document ends here; remove what follows (\"---\" begins "
                     "another)");
    return YAML::Load(text);
}

} // namespace continuo::config
