/**
 * The script of `rondo completion bash`. Words go over as they are: nothing that was
 * typed is evaluated, and the package bash-completion is not needed. bash takes words apart at `=`, `:` and `@`, and
 * puts what it is offered in the place of the last part alone.
 */
export const BASH_COMPLETION: string = `# bash completion for rondo
_rondo() {
  local line=\${COMP_LINE:0:COMP_POINT} part=\${COMP_WORDS[COMP_CWORD]} out value cur before
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  cur=\${words[\${#words[@]} - 1]}
  before=\${cur%"$part"}
  COMPREPLY=()
  out=$(command rondo complete -- "\${words[@]:1}" 2>/dev/null) || return 0
  while IFS=$'\\t' read -r value _; do
    [[ $value == :* || -z $value ]] || COMPREPLY+=("\${value#"$before"}")
  done <<<"$out"
  local directive=\${out##*:}
  if ((\${#COMPREPLY[@]} == 0 && (directive & 4) == 0)); then
    compopt -o filenames 2>/dev/null
    local kind=-f
    ((directive & 16)) && kind=-d
    while IFS= read -r value; do
      COMPREPLY+=("\${value#"$before"}")
    done < <(compgen "$kind" -- "$cur")
  fi
  return 0
}
complete -F _rondo rondo
`;
