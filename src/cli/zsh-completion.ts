/**
 * The script of `rondo completion zsh`. What was typed is taken out of its quotes and handed over, word by word: nothing of
 * it is evaluated, so that no Tab runs what stands in a line that somebody pasted.
 */
export const ZSH_COMPLETION: string = `#compdef rondo
# zsh completion for rondo
_rondo() {
  local out each value about
  local -a asked offered
  asked=("\${(@)words[2,CURRENT-1]}" "$PREFIX")
  out="$(command rondo complete -- "\${(@Q)asked}" 2>/dev/null)" || return 1
  for each in "\${(@f)out}"; do
    value=\${each%%$'\\t'*} about=\${each#*$'\\t'}
    [[ $value == :* || -z $value ]] || offered+=("\${value//:/\\\\:}:$about")
  done
  if (( \${#offered} )); then
    _describe rondo offered
  elif [[ \${out##*:} == 16 ]]; then
    _files -/
  elif [[ \${out##*:} == 0 ]]; then
    _files
  fi
}
if [[ \${funcstack[1]} == _rondo ]]; then _rondo "$@"; else compdef _rondo rondo; fi
`;
