# Installed in $(fishconfdir). The words come from the program.
#
# fish looks for the completion of "git drift" under "git-git-drift" up to
# 3.6.0, so this one completes both ways to write it, and is read when fish
# starts.

# What was typed behind "git drift" or "git-drift", one word to a line.
function __git_drift_typed
    set -l words (commandline -opc)
    set -l command (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    if test "$command" = git
        while set -q words[1]; and test "$words[1]" != drift
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

function __git_drift_say
    git drift --completion $argv[1] 2>/dev/null
end

# The options of the command, or of the main job.
function __git_drift_options
    set -l verb
    contains -- "$argv[1]" (__git_drift_say verbs)
    and set verb $argv[1]
    git drift $verb --git-completion-helper 2>/dev/null |
        string split ' ' | string replace -r '=$' ''
end

function __git_drift_complete
    set -l typed (__git_drift_typed)
    switch "$typed[-1]"
        case --baseline
            __git_drift_say baselines
            return
        case --commit
            __git_drift_say revisions
            return
        case -o --output
            __fish_complete_path (commandline -ct)
            return
        case --apply
            return
    end
    if string match -q -- '-*' (commandline -ct)
        __git_drift_options $typed[1]
        return
    end
    switch "$typed[1]"
        case ''
            __git_drift_say verbs
            __git_drift_say revisions
        case between
            __git_drift_say environments
        case baseline
            __fish_complete_path (commandline -ct)
        case predict
            __git_drift_say revisions
            __fish_complete_path (commandline -ct)
        case '*'
            __git_drift_say revisions
    end
end

complete -c git -c git-drift -f -n '__git_drift_typed >/dev/null' \
    -a '(__git_drift_complete)'
complete -c git -f -n '__fish_git_needs_command 2>/dev/null' \
    -a drift -d 'list what was changed in a vendor\'s code'
