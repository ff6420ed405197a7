/** Light or dark: as the system prefers, until the reader chooses. Print is light. */

export type Theme = "light" | "dark";

export interface Themes {
  readonly now: () => Theme;
  readonly toggle: () => void;
}

/** @param onChange called whenever the theme has changed */
export function watchThemes(onChange: () => void): Themes {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen: Theme | undefined;
  let printing = false;
  const now = (): Theme => (printing ? "light" : (chosen ?? (system.matches ? "dark" : "light")));
  const show = (): void => {
    document.documentElement.dataset["theme"] = now();
    onChange();
  };
  document.documentElement.dataset["theme"] = now();
  system.addEventListener("change", show);
  for (const [event, state] of [
    ["beforeprint", true],
    ["afterprint", false],
  ] as const)
    addEventListener(event, () => {
      printing = state;
      show();
    });
  return {
    now,
    toggle() {
      chosen = now() === "dark" ? "light" : "dark";
      show();
    },
  };
}
