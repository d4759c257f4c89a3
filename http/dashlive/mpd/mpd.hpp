// The MPD of a session at one instant: the asset's own, with what makes it live. What it says about
// segments comes from session.hpp alone. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/session/session.hpp"

#include <optional>
#include <string>

namespace continuo::dashlive {

/// How the MPD was asked for, for the URLs in it.
struct MpdRequest {
    std::string base;   ///< scheme and authority: "https://host"
    std::string query;  ///< as it was sent, without '?'
    std::string period; ///< of a remote Period (xlink) that is asked for by itself: "P7"
};

struct MpdText {
    std::string text;
    DateTime publish_time;
    /// It says the same up to, not including, this instant; without: for ever.
    std::optional<DateTime> valid_until;
    std::optional<milliseconds> update_period; ///< @minimumUpdatePeriod; none once it is static
};

/// An MPD as values.
struct MpdDocument {
    dash::Element root;
    DateTime publish_time;
};
/// `manifest`: one of the session's asset. Errors: 425 before the MPD is there; 400 for a list
/// longer than anybody should read.
Answer<MpdDocument> mpd_document_of(Session const& session, Manifest const& manifest,
                                    MpdRequest const& request);

/// The same as a text. With `request.period` only that Period (several where advertisements are in
/// it), without a declaration. Errors, besides: 404 for a Period that the MPD doesn't have.
Answer<MpdText> mpd_of(Session const& session, Manifest const& manifest, MpdRequest const& request);

} // namespace continuo::dashlive
