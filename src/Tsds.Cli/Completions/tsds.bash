# Completes commands and options of tsds by asking it; files where it knows nothing.
_tsds() {
    local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]}
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "$("$program" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
}
complete -o bashdefault -o default -F _tsds tsds
