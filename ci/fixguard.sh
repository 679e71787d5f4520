#!/bin/sh
# One step of CI: judges the change that the service runs for, when the pre-push hook would: by `hook.branches` and
# `hook.other` of the policy. action.yml and
# ci/gitlab.yml run it, and so can anything else. The range comes from the service's variables; fixguard reads them.
#
#   FIXGUARD_BRANCHES  patterns of the branches that are judged instead, with blanks between   (* for all)
#   FIXGUARD_FORMAT    how the log reads                          (github on GitHub Actions, concise elsewhere)
#   FIXGUARD_REPORT    a file for a second report, and
#   FIXGUARD_REPORT_FORMAT   its format                           (gitlab on GitLab, sarif elsewhere)
#   FIXGUARD_ARGS      more words for `fixguard check`, with blanks between
#   FIXGUARD           the program; without it, one that is built from
#   FIXGUARD_SOURCE    a checkout of fixguard; without that, the one in PATH
#
# The change that is judged may hold programs, of any name. Nothing in its checkout is run.
set -eu
set -f # patterns and words are not file names

say() { printf 'fixguard: %s\n' "$*" >&2; }

# PATH without the folders of the checkout, which an earlier step may have put there, and without relative ones.
checkout=$(pwd -P)
while [ -n "$checkout" ] && [ ! -e "$checkout/.git" ]; do checkout=${checkout%/*}; done
path=
IFS=:
for folder in $PATH; do
    case $folder in /*) ;; *) continue ;; esac
    folder=$(cd "$folder" 2>/dev/null && pwd -P) || continue
    case $folder/ in "${checkout:-$(pwd -P)}"/*) ;; *) path=$path${path:+:}$folder ;; esac
done
unset IFS
PATH=$path
export PATH

# The branch, as each service names it. A tag has none.
if [ -n "${GITHUB_ACTIONS:-}" ]; then
    branch=${GITHUB_HEAD_REF:-}
    if [ -z "$branch" ] && [ "${GITHUB_REF_TYPE:-}" = branch ]; then branch=${GITHUB_REF_NAME:-}; fi
    format=github
elif [ -n "${GITLAB_CI:-}" ]; then
    branch=${CI_MERGE_REQUEST_SOURCE_BRANCH_NAME:-${CI_COMMIT_BRANCH:-}}
elif [ -n "${BUILDKITE:-}" ]; then
    branch=${BUILDKITE_BRANCH:-}
elif [ -n "${JENKINS_URL:-}" ]; then
    branch=${CHANGE_BRANCH:-${BRANCH_NAME:-${GIT_BRANCH:-}}}
    branch=${branch#origin/}
else
    branch=$(git symbolic-ref --quiet --short HEAD || true)
fi

concern=--if-fix-branch
if [ -n "${FIXGUARD_BRANCHES:-}" ]; then
    concern=
    judged=no
    for pattern in $FIXGUARD_BRANCHES; do
        # shellcheck disable=SC2254 # it is a pattern
        case $branch in $pattern) judged=yes ;; esac
    done
    if [ "$judged" = no ]; then
        say "not judged: '$branch' is none of $FIXGUARD_BRANCHES"
        exit 0
    fi
fi

if [ -n "${FIXGUARD:-}" ]; then
    program=$FIXGUARD
elif [ -n "${FIXGUARD_SOURCE:-}" ]; then
    root=$(mktemp -d)
    # From there: the checkout may name a toolchain of its own.
    (cd "$FIXGUARD_SOURCE" && cargo install --quiet --locked --path . --root "$root") >&2
    program=$root/bin/fixguard
elif ! program=$(command -v fixguard); then
    say "there is no fixguard in PATH outside of the checkout, and neither FIXGUARD nor FIXGUARD_SOURCE is set:" \
        "nothing was judged"
    exit 2
fi

# A second report first: its findings are the same, and the log's verdict is the one that counts.
if [ -n "${FIXGUARD_REPORT:-}" ]; then
    default=sarif
    if [ -n "${GITLAB_CI:-}" ]; then default=gitlab; fi
    # shellcheck disable=SC2086 # words
    "$program" check $concern --quiet ${branch:+--branch "$branch"} --format "${FIXGUARD_REPORT_FORMAT:-$default}" \
        --output "$FIXGUARD_REPORT" ${FIXGUARD_ARGS:-} || [ $? -le 3 ]
fi
# shellcheck disable=SC2086 # words
exec "$program" check $concern ${branch:+--branch "$branch"} --format "${FIXGUARD_FORMAT:-${format:-concise}}" ${FIXGUARD_ARGS:-}
