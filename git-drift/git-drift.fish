# Installed in $(fishcompdir). The words come from the program.

complete -c git-drift -f
complete -c git-drift -n 'string match -q -- "-*" (commandline -ct)' -a '(git drift --git-completion-helper 2>/dev/null | string split " ")'
