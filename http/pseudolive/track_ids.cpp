#include "http/pseudolive/track_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

namespace continuo::pseudolive {
namespace {

namespace fs = std::filesystem;

std::string in_url_letters(std::string text) {
    std::ranges::replace_if(
        text,
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~');
        },
        '-');
    return text;
}

std::string stem_of(std::string const& path) {
    return in_url_letters(fs::path(path).stem().string());
}

std::string folder_of(std::string const& path) {
    return in_url_letters(fs::path(path).parent_path().filename().string());
}

bool says_nothing(std::string_view stem) {
    return stem == "index" || stem == "playlist";
}

std::string whole(std::string const& path) {
    return in_url_letters(fs::path(path).replace_extension().string());
}

} // namespace

std::vector<std::string> track_ids(std::vector<std::string> const& paths) {
    std::multiset<std::string> stems, folders;
    for (auto const& path : paths) {
        stems.insert(stem_of(path));
        folders.insert(folder_of(path));
    }
    std::vector<std::string> ids;
    std::set<std::string> taken;
    for (auto const& path : paths) {
        auto id = stem_of(path);
        auto const folder = folder_of(path);
        bool const has_own_folder = !folder.empty() && folders.count(folder) == 1;
        if (has_own_folder && (stems.count(id) > 1 || says_nothing(id)))
            id = folder;
        else if (stems.count(id) > 1)
            id = whole(path);
        if (taken.contains(id)) id = whole(path);
        for (auto number = 2; taken.contains(id); ++number)
            id = fmt::format("{}-{}", whole(path), number);
        taken.insert(id);
        ids.push_back(std::move(id));
    }
    return ids;
}

} // namespace continuo::pseudolive
