# Installed in $(fishconfdir). The words come from the program.
#
# fish looks for the completion of "git branch-sync" under "git-git-branch-sync"
# up to 3.6.0, so this one completes both ways to write it, and is read when
# fish starts.

# What was typed behind "git branch-sync" or "git-branch-sync", one word to a
# line.
function __git_branch_sync_typed
    set -l words (commandline -opc)
    set -l command (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    if test "$command" = git
        while set -q words[1]; and test "$words[1]" != branch-sync
            switch $words[1]
                case -C -c --git-dir --work-tree --namespace --super-prefix
                    set -e words[1]
                    set -e words[1]
                case '-*'
                    set -e words[1]
                case '*'
                    return 1
            end
        end
        set -q words[1]
        or return 1
        set -e words[1]
    end
    test (count $words) -eq 0
    or printf '%s\n' $words
end

function __git_branch_sync_branches
    git branch-sync --completion branches 2>/dev/null
end

function __git_branch_sync_complete
    set -l typed (__git_branch_sync_typed)
    switch "$typed[-1]"
        case --remote
            git remote 2>/dev/null
            return
        case --tag
            git tag 2>/dev/null
            return
    end
    if string match -q -- '-*' (commandline -ct)
        git branch-sync --git-completion-helper 2>/dev/null |
            string split ' ' | string replace -r '=$' ''
        return
    end
    __git_branch_sync_branches
end

complete -c git -c git-branch-sync -f -n '__git_branch_sync_typed >/dev/null' \
    -a '(__git_branch_sync_complete)'
complete -c git -f -n '__fish_git_needs_command 2>/dev/null' \
    -a branch-sync -d 'fast-forward branches to the release branch'
