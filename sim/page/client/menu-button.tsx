import type { ReactNode } from "react";
import type { MenuProps } from "./channel.tsx";

/** Opens the drawer with channels and what to do here, where the screen is narrow. */
export function MenuButton({ menu, onMenu }: MenuProps): ReactNode {
  return (
    <button type="button" className="s-menu-button" aria-expanded={menu} onClick={onMenu}>
      {menu ? "Close" : "Menu"}
    </button>
  );
}
