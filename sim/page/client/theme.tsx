import { useEffect, useState, type ReactNode } from "react";

/** Light or dark: as the machine prefers it, until somebody says otherwise. */
export function Theme(): ReactNode {
  const [isDark, setDark] = useState(() => {
    const said = localStorage.getItem("theme");
    return said === null ? matchMedia("(prefers-color-scheme: dark)").matches : said === "dark";
  });
  const theme = isDark ? "dark" : "light";
  useEffect(() => {
    document.documentElement.style.colorScheme = theme;
  }, [theme]);
  const change = (): void => {
    localStorage.setItem("theme", isDark ? "light" : "dark");
    setDark(!isDark);
  };
  return (
    <button type="button" className="s-theme" aria-pressed={isDark} onClick={change}>
      Dark
    </button>
  );
}
