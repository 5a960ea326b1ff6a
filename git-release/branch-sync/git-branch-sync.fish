# Installed in $(fishcompdir). The words come from the program.

complete -c git-branch-sync -f
complete -c git-branch-sync -n 'string match -q -- "-*" (commandline -ct)' -a '(git branch-sync --git-completion-helper 2>/dev/null | string split " ")'
