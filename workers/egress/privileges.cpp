#include "workers/egress/privileges.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace continuo::egress {
namespace {

Result<> become_nobody() {
    auto const* const nobody = ::getpwnam("nobody");
    if (nobody == nullptr || nobody->pw_uid == 0)
        return fail(Errc::not_found, "there is no user \"nobody\" to become");
    auto const user = nobody->pw_uid;
    auto const group = nobody->pw_gid;
    // The kernel forgets the signal when the user changes.
    int end_of_parent = 0;
    ::prctl(PR_GET_PDEATHSIG, &end_of_parent);
    auto const parent = ::getppid();
    if (::setgroups(0, nullptr) != 0 || ::setresgid(group, group, group) != 0 ||
        ::setresuid(user, user, user) != 0)
        return fail_errno("become nobody");
    if (end_of_parent == 0) return {};
    ::prctl(PR_SET_PDEATHSIG, end_of_parent);
    if (::getppid() != parent) ::raise(SIGKILL); // it died meanwhile
    return {};
}

} // namespace

Result<> give_up_privileges() {
    if (::geteuid() == 0)
        if (auto const done = become_nobody(); !done) return done.error();
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno("gain no privileges");
    return {};
}

} // namespace continuo::egress
