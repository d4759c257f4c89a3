// Whose URLs are whose: an asset below another one's folder must not hide what that one has. Pure.
#pragma once

#include "http/dashlive/asset/assembly.hpp"
#include "http/dashlive/asset/asset.hpp"

#include <map>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// What lies in this folder behind an asset is what its path behind the folder says, asked for by a
/// client of HLS.
inline constexpr std::string_view hls_folder = "hls/";

/// Why an asset called `inner`, which lies below the folder of `outer`, hides URLs of that; empty
/// where it hides none.
std::string clash_of(std::string_view inner, Asset const& outer);

/// The assets of a tree of folders, each after those above it.
class UrlSpaces {
public:
    /// Takes note of an asset. One that hides URLs of an asset that was claimed before is refused:
    /// all of its MPDs, with the reason.
    void claim(Assembled& assembled);

private:
    std::map<std::string, AssetPtr, std::less<>> assets_; ///< by their names
};

} // namespace continuo::dashlive
