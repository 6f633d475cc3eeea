/** The scripts that connect a shell with the candidates that the program prints. */

/** The words are split at blanks here: bash would split the prefix `failover-lab:` at its colon. */
const bash = (
  word: string,
) => `# failover-lab completion for bash: eval "$(failover-lab completion bash)"
_failover_lab() {
  local line="\${COMP_LINE:0:COMP_POINT}" words found
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local current="\${words[-1]}"
  mapfile -t found < <(failover-lab ${word} "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=("\${found[@]}")
  [[ $current == *:* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${current%:*}:"}")
  return 0
}
complete -o default -F _failover_lab failover-lab
`;

const zsh = (word: string) => `#compdef failover-lab
# failover-lab completion for zsh: eval "$(failover-lab completion zsh)"
_failover_lab() {
  local -a found
  found=("\${(@f)$(failover-lab ${word} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then compadd -- "$found[@]"; else _files; fi
}
compdef _failover_lab failover-lab
`;

const fish = (
  word: string,
) => `# failover-lab completion for fish: failover-lab completion fish | source
complete -c failover-lab -a '(failover-lab ${word} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`;

/** The script of a shell; `word` is the command that prints candidates. */
export const completionScripts = { bash, zsh, fish } as const;
