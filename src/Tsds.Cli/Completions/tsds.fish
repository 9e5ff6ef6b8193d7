# Completes commands and options of tsds by asking it; files where it knows nothing.
function __tsds_suggest
    set -l line (commandline -cp)
    tsds "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c tsds -a '(__tsds_suggest)'
