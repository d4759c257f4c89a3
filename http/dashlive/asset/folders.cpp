#include "http/dashlive/asset/folders.hpp"

#include "http/storage/stamp.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace continuo::dashlive {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> folders_in(fs::path const& folder) {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code)) {
        std::error_code none;
        auto name = entry->path().filename().string();
        if (!name.starts_with('.') && entry->is_directory(none)) names.push_back(std::move(name));
    }
    std::ranges::sort(names);
    return names;
}

class Walk {
public:
    Walk(fs::path const& top, fs::path const& root,
         std::function<bool(fs::path const&)> const& enter)
        : top_(top), root_(root), enter_(enter) {}

    void visit(fs::path const& folder, std::string const& name, std::size_t depth) {
        tree_.has_more |= ++visited_ > most_folders;
        tree_.is_cancelled |= !tree_.has_more && !enter_(folder);
        if (is_over()) return;
        if (auto manifests = manifests_in(folder); !manifests.empty())
            tree_.assets.push_back(
                {.name = name, .folder = folder, .root = root_, .manifests = std::move(manifests)});
        if (depth == deepest_folder) return;
        for (auto const& entry : folders_in(folder)) {
            std::error_code code;
            auto const path = fs::canonical(folder / entry, code);
            if (code || storage::is_below(folder, path)) continue; // dangling, or leads up
            if (storage::is_below(path, top_) || storage::is_below(path, root_))
                visit(path, name + '/' + entry, depth + 1);
            else
                leave_out(name + '/' + entry);
            if (is_over()) return;
        }
    }

    /// Nobody who may write below the root shall publish with that what lies elsewhere.
    void leave_out(std::string name) {
        tree_.assets.push_back({.name = std::move(name),
                                .folder = {},
                                .root = root_,
                                .manifests = {},
                                .obstacle = "is a link that leads out of livesim.root, and is not "
                                            "followed"});
    }

    FolderTree take() && { return std::move(tree_); }

private:
    bool is_over() const noexcept { return tree_.has_more || tree_.is_cancelled; }

    fs::path const& top_;
    fs::path const& root_;
    std::function<bool(fs::path const&)> const& enter_;
    FolderTree tree_;
    std::size_t visited_{};
};

} // namespace

FolderTree folders_below(fs::path const& top, std::string const& name, fs::path const& root,
                         std::function<bool(fs::path const&)> const& enter) {
    Walk walk(top, root, enter);
    walk.visit(top, name, 0);
    return std::move(walk).take();
}

} // namespace continuo::dashlive
