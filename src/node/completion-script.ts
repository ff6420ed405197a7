/** Completion scripts. Words are embedded: completing starts no process. Files are offered wherever a value may be one. */

export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  /** What its arguments may be, besides files. */
  readonly words: readonly string[];
  readonly options: readonly OptionWords[];
}

interface OptionWords {
  readonly flag: string;
  readonly summary: string;
  readonly takesValue: boolean;
  readonly words: readonly string[];
}

export function completionScript(shell: "bash" | "zsh" | "fish", commands: readonly CommandWords[]): string {
  return { bash, zsh, fish }[shell](commands);
}

/** The cases of a shell's `case`: after an option its values, after a command its options and arguments, else the commands. */
function cases(
  commands: readonly CommandWords[],
  offer: (words: readonly string[], files: boolean) => string,
) {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ flag, words }) => `    "${name} ${flag}") ${offer(words, true)} ;;`),
  );
  const own = commands.map(({ name, words, options }) => {
    const flags = options.map(({ flag }) => flag);
    return `    "${name} "*) ${offer([...words, ...flags, "--help"], true)} ;;`;
  });
  const none = `    *) ${offer([...commands.map(({ name }) => name), "--help", "--version"], false)} ;;`;
  return [...values, ...own, none].join("\n");
}

const names = (commands: readonly CommandWords[]): string => commands.map(({ name }) => name).join("|");

function bash(commands: readonly CommandWords[]): string {
  const offer = (words: readonly string[], files: boolean): string =>
    `words="${words.join(" ")}"; files=${files ? 1 : 0}`;
  return `# papillon completion for bash: source <(papillon completion bash)
_papillon() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words files
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names(commands)}) command="$word"; break ;; esac
  done
  case "$command $previous" in
${cases(commands, offer)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ "$files" = 1 ] && [ "\${current#-}" = "$current" ]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _papillon papillon
`;
}

function zsh(commands: readonly CommandWords[]): string {
  const offer = (words: readonly string[], files: boolean): string =>
    [...(words.length === 0 ? [] : [`compadd -- ${words.join(" ")}`]), ...(files ? ["_files"] : [])].join(
      "; ",
    );
  return `#compdef papillon
# papillon completion for zsh: source <(papillon completion zsh), after compinit
_papillon() {
  local command="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$word" in ${names(commands)}) command="$word"; break ;; esac
  done
  case "$command $words[CURRENT-1]" in
${cases(commands, offer)}
  esac
}
compdef _papillon papillon
`;
}

function fish(commands: readonly CommandWords[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, words, options }) => {
    const within = `complete -c papillon -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c papillon -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(words.length === 0 ? [] : [`${within} -a ${quoted(words.join(" "))}`]),
      ...options.map(({ flag, summary, takesValue, words }) => {
        const values = words.length === 0 ? "" : ` -a ${quoted(words.join(" "))}`;
        return `${within} -l ${flag.replace(/^--/, "")}${takesValue ? " -r" : ""}${values} -d ${quoted(summary)}`;
      }),
    ];
  });
  return `# papillon completion for fish: papillon completion fish > ~/.config/fish/completions/papillon.fish\n${lines.join("\n")}\n`;
}
