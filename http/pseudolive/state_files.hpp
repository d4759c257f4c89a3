// What the feature keeps under state_dir, and what these files are called.
//
//   STATE_DIR/pseudolive/index/STREAM.json   what was measured: may be deleted at any time
//   STATE_DIR/pseudolive/eras.json           where numbers go on
//   STATE_DIR/pseudolive/first_start         the epoch, where it is `start`
#pragma once

#include <filesystem>

namespace continuo::pseudolive {

inline std::filesystem::path index_folder(std::filesystem::path const& state_dir) {
    return state_dir / "pseudolive" / "index";
}
inline std::filesystem::path eras_file(std::filesystem::path const& state_dir) {
    return state_dir / "pseudolive" / "eras.json";
}
inline std::filesystem::path first_start_file(std::filesystem::path const& state_dir) {
    return state_dir / "pseudolive" / "first_start";
}

} // namespace continuo::pseudolive
