/** The script of `rondo completion fish`. Words go over as they were typed; fish has no way to offer folders alone. */
export const FISH_COMPLETION: string = `# fish completion for rondo
function __rondo_offers
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    set -g __rondo_offered (command rondo complete -- $words "$current" 2>/dev/null)
    test (count $__rondo_offered) -gt 0; or return 1
    set -l directive $__rondo_offered[-1]
    set -e __rondo_offered[-1]
    # With nothing to offer it is false, and fish offers files, unless none are meant.
    test (count $__rondo_offered) -gt 0; or test "$directive" = :4
end
complete -c rondo -e
complete -c rondo -n __rondo_offers -f -a '$__rondo_offered'
`;
