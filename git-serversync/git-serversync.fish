# Installed in $(fishconfdir). The words come from the program.
#
# fish looks for the completion of "git serversync" under "git-git-serversync"
# up to 3.6.0, so this one completes both ways to write it, and is read when
# fish starts.

# What was typed behind "git serversync" or "git-serversync", one word to a
# line.
function __git_serversync_typed
    set -l words (commandline -opc)
    set -l command (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    if test "$command" = git
        while set -q words[1]; and test "$words[1]" != serversync
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

function __git_serversync_say
    git serversync --completion $argv[1] 2>/dev/null
end

function __git_serversync_complete
    set -l typed (__git_serversync_typed)
    set -l verb
    contains -- "$typed[1]" (__git_serversync_say verbs)
    and set verb $typed[1]
    if string match -q -- '-*' (commandline -ct)
        git serversync $verb --git-completion-helper 2>/dev/null |
            string split ' ' | string replace -r '=$' ''
        return
    end
    switch "$verb"
        case check reject
            set -l captures (__git_serversync_say captures)
            # Behind the branch files are named.
            for word in $typed
                if contains -- $word $captures
                    __fish_complete_path (commandline -ct)
                    return
                end
            end
            printf '%s\n' $captures
        case '*'
            set -q typed[1]
            or __git_serversync_say verbs
            __git_serversync_say environments
    end
end

complete -c git -c git-serversync -f -n '__git_serversync_typed >/dev/null' \
    -a '(__git_serversync_complete)'
complete -c git -f -n '__fish_git_needs_command 2>/dev/null' \
    -a serversync -d 'bring back what happened on a server'
