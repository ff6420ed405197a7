/** `papillon completion`: a script that completes commands, options and names of configs, made from the commands themselves. */
import { Argument, type Command } from "commander";
import type { CommandWords } from "../completion-script.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

export function defineCompletion(program: Command): void {
  program
    .command("completion")
    .summary("a completion script for your shell")
    .description("Prints a script that completes commands, options and names of shipped configs.")
    .addArgument(new Argument("<shell>", "your shell").choices(shells))
    .addHelpText(
      "after",
      `
Examples:
  source <(papillon completion bash)                                   in ~/.bashrc
  source <(papillon completion zsh)                                    in ~/.zshrc, after compinit
  papillon completion fish > ~/.config/fish/completions/papillon.fish`,
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import("../completion-script.ts");
      process.stdout.write(completionScript(shell, await wordsOf(program)));
    });
}

/** What may follow each command and option. */
async function wordsOf(program: Command): Promise<readonly CommandWords[]> {
  const { fileLibrary } = await import("../library.ts");
  const { suites } = await import("../../validation/index.ts");
  const { names } = fileLibrary();
  const configs = new Map<string, readonly string[]>([
    ["hardware", names("hardware")],
    ["workload", names("workloads")],
    ["experiment", names("experiments")],
    [
      "config",
      (
        ["hardware", "workloads", "experiments", "energy", "memory", "device", "fabric", "silicon"] as const
      ).flatMap((family) => names(family)),
    ],
    ["preset", names("memory")],
    ["device", names("device")],
    ["suite", suites.map(({ name }) => name)],
  ]);
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    words: command.registeredArguments.flatMap(
      (argument) => argument.argChoices ?? configs.get(argument.name()) ?? [],
    ),
    options: command.options.map((option) => ({
      flag: option.long ?? option.flags,
      summary: option.description,
      takesValue: option.required,
      words: option.argChoices ?? configs.get(option.attributeName()) ?? [],
    })),
  }));
}
