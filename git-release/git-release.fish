# Installed in $(fishconfdir). The words come from the program.
#
# fish looks for the completion of "git release" under "git-git-release" up to
# 3.6.0, so this one completes both ways to write it, and is read when fish
# starts.

# What was typed behind "git release" or "git-release", one word to a line.
function __git_release_typed
    set -l words (commandline -opc)
    set -l command (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    if test "$command" = git
        while set -q words[1]; and test "$words[1]" != release
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

function __git_release_say
    git release --completion $argv[1] 2>/dev/null
end

# The options of the command, or of the main job.
function __git_release_options
    set -l verb
    contains -- "$argv[1]" (__git_release_say verbs)
    and set verb $argv[1]
    git release $verb --git-completion-helper 2>/dev/null |
        string split ' ' | string replace -r '=$' ''
end

function __git_release_complete
    set -l typed (__git_release_typed)
    if test "$typed[-1]" = --to
        __git_release_say environments
        return
    end
    if string match -q -- '-*' (commandline -ct)
        __git_release_options $typed[1]
        return
    end
    switch "$typed[1]"
        case ''
            __git_release_say verbs
            __git_release_say tags
        case activate rollback show verify
            __git_release_say releases
        case build pending record tag
            __git_release_say tags
        case '*'
            contains -- $typed[1] (__git_release_say verbs)
            or __git_release_say tags
    end
end

# Behind "=" fish asks an option that it knows for its values.
function __git_release_wants_value
    __git_release_typed >/dev/null
    and string match -q -- '--to=*' (commandline -ct)
end

complete -c git -c git-release -f -n '__git_release_typed >/dev/null' \
    -a '(__git_release_complete)'
complete -c git -c git-release -n __git_release_wants_value \
    -l to -x -a '(__git_release_say environments)'
complete -c git -f -n '__fish_git_needs_command 2>/dev/null' \
    -a release -d 'release a tag to an environment'
