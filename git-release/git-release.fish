# Installed in $(fishcompdir). The words come from the program.

function __git_release_verb
    set -l verbs (git release --completion verbs 2>/dev/null)
    for word in (commandline -opc)
        if contains -- $word $verbs
            echo $word
            return 0
        end
    end
    return 1
end

function __git_release_options
    git release (__git_release_verb) --git-completion-helper 2>/dev/null | string split ' '
end

function __git_release_is
    set -l verb (__git_release_verb)
    contains -- "$verb" $argv
end

complete -c git-release -f
complete -c git-release -l to -x -a '(git release --completion environments 2>/dev/null)'
complete -c git-release -n 'not __git_release_verb' -a '(git release --completion verbs 2>/dev/null)'
complete -c git-release -n 'not __git_release_verb' -a '(git release --completion tags 2>/dev/null)'
complete -c git-release -n '__git_release_is activate rollback show' -a '(git release --completion releases 2>/dev/null)'
complete -c git-release -n '__git_release_is build record' -a '(git release --completion tags 2>/dev/null)'
complete -c git-release -n 'string match -q -- "-*" (commandline -ct)' -a '(__git_release_options)'
