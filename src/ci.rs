//! What a CI service says of the change it runs for, in its variables: the branch, the branch that it is meant for, and
//! how its clones get a longer history. Pure: the variables are given to it.

/// What is known of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub service: Service,
    /// The branch that the change is meant for, where the service tells: a request to merge has one.
    pub target: Option<String>,
    /// The branch that the change is on.
    pub branch: Option<String>,
    /// The commit by which the service tries the merge; its second parent is the change.
    pub merge: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    GitHub,
    GitLab,
    Buildkite,
    Jenkins,
}

impl Service {
    pub const fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub Actions",
            Self::GitLab => "GitLab",
            Self::Buildkite => "Buildkite",
            Self::Jenkins => "Jenkins",
        }
    }

    /// How its clones get a history that reaches the merge base.
    pub const fn whole_clone(self) -> &'static str {
        match self {
            Self::GitHub => "give `fetch-depth: 0` to actions/checkout",
            Self::GitLab => "set the variable `GIT_DEPTH: 0` for the job",
            Self::Buildkite => {
                "leave `--depth` out of BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS"
            }
            Self::Jenkins => "switch off the shallow clone among the checkout's behaviours",
        }
    }
}

/// `None` outside of the services that are known.
pub fn change(variable: impl Fn(&str) -> Option<String>) -> Option<Change> {
    let told = |name: &str| variable(name).filter(|value| !value.is_empty());
    let is_set = |name: &str| told(name).is_some_and(|value| value != "false");
    let change = |service, target, branch| Change { service, target, branch, merge: None };
    if is_set("GITHUB_ACTIONS") {
        let is_merge = told("GITHUB_REF").is_some_and(|name| name.ends_with("/merge"));
        let branch = told("GITHUB_HEAD_REF").or_else(|| {
            told("GITHUB_REF_NAME").filter(|_| told("GITHUB_REF_TYPE").as_deref() == Some("branch"))
        });
        let merge = told("GITHUB_SHA").filter(|_| is_merge);
        Some(Change { merge, ..change(Service::GitHub, told("GITHUB_BASE_REF"), branch) })
    } else if is_set("GITLAB_CI") {
        let branch = told("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME").or_else(|| told("CI_COMMIT_BRANCH"));
        let target = told("CI_MERGE_REQUEST_TARGET_BRANCH_NAME").or_else(|| told("CI_DEFAULT_BRANCH"));
        Some(change(Service::GitLab, target, branch))
    } else if is_set("BUILDKITE") {
        let target =
            told("BUILDKITE_PULL_REQUEST_BASE_BRANCH").or_else(|| told("BUILDKITE_PIPELINE_DEFAULT_BRANCH"));
        Some(change(Service::Buildkite, target, told("BUILDKITE_BRANCH")))
    } else if is_set("JENKINS_URL") {
        let branch = told("CHANGE_BRANCH").or_else(|| told("BRANCH_NAME")).or_else(|| {
            told("GIT_BRANCH").map(|name| name.strip_prefix("origin/").map(str::to_owned).unwrap_or(name))
        });
        Some(change(Service::Jenkins, told("CHANGE_TARGET"), branch))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Service, change};

    fn of(variables: &[(&str, &str)]) -> Option<Change> {
        change(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    fn expected(service: Service, target: &str, branch: &str) -> Option<Change> {
        let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Some(Change { service, target: told(target), branch: told(branch), merge: None })
    }

    #[test]
    fn each_service_tells_its_branches() {
        assert_eq!(of(&[("CI", "true")]), None);
        let push = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REF_NAME", "fix/7"),
            ("GITHUB_REF_TYPE", "branch"),
            ("GITHUB_BASE_REF", ""),
        ];
        assert_eq!(of(&push), expected(Service::GitHub, "", "fix/7"));
        let tag = [("GITHUB_ACTIONS", "true"), ("GITHUB_REF_NAME", "v1"), ("GITHUB_REF_TYPE", "tag")];
        assert_eq!(of(&tag), expected(Service::GitHub, "", ""));
        let request = [
            ("GITLAB_CI", "true"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "stable"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "fix/7"),
            ("CI_DEFAULT_BRANCH", "main"),
        ];
        assert_eq!(of(&request), expected(Service::GitLab, "stable", "fix/7"));
        let branch = [("GITLAB_CI", "true"), ("CI_COMMIT_BRANCH", "fix/7"), ("CI_DEFAULT_BRANCH", "main")];
        assert_eq!(of(&branch), expected(Service::GitLab, "main", "fix/7"));
        let buildkite = [
            ("BUILDKITE", "true"),
            ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""),
            ("BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"),
            ("BUILDKITE_BRANCH", "fix/7"),
        ];
        assert_eq!(of(&buildkite), expected(Service::Buildkite, "main", "fix/7"));
        let jenkins = [
            ("JENKINS_URL", "x"),
            ("BRANCH_NAME", "PR-3"),
            ("CHANGE_BRANCH", "fix/7"),
            ("CHANGE_TARGET", "main"),
        ];
        assert_eq!(of(&jenkins), expected(Service::Jenkins, "main", "fix/7"));
        assert_eq!(
            of(&[("JENKINS_URL", "x"), ("GIT_BRANCH", "origin/fix/7")]),
            expected(Service::Jenkins, "", "fix/7")
        );
    }

    #[test]
    fn a_pull_request_is_tried_as_a_merge() {
        let request = of(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_BASE_REF", "main"),
            ("GITHUB_HEAD_REF", "fix/7"),
            ("GITHUB_REF", "refs/pull/3/merge"),
            ("GITHUB_REF_NAME", "3/merge"),
            ("GITHUB_SHA", "1a2b"),
        ])
        .unwrap();
        assert_eq!(request.merge.as_deref(), Some("1a2b"));
        assert_eq!((request.target.as_deref(), request.branch.as_deref()), (Some("main"), Some("fix/7")));
    }
}
