#include "http/dashlive/asset/folders.hpp"

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
    Walk(fs::path const& root, std::function<bool(fs::path const&)> const& enter)
        : root_(root), enter_(enter) {}

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
            bool const leads_up = std::ranges::mismatch(path, folder).in1 == path.end();
            if (!code && !leads_up) visit(path, name + '/' + entry, depth + 1);
            if (is_over()) return;
        }
    }

    FolderTree take() && { return std::move(tree_); }

private:
    bool is_over() const noexcept { return tree_.has_more || tree_.is_cancelled; }

    fs::path const& root_;
    std::function<bool(fs::path const&)> const& enter_;
    FolderTree tree_;
    std::size_t visited_{};
};

} // namespace

FolderTree folders_below(fs::path const& top, std::string const& name, fs::path const& root,
                         std::function<bool(fs::path const&)> const& enter) {
    Walk walk(root, enter);
    walk.visit(top, name, 0);
    return std::move(walk).take();
}

} // namespace continuo::dashlive
