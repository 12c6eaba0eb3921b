import type { ReactNode } from "react";
import type { PageState } from "#sim/page/state.ts";
import { Avatar } from "./avatar.tsx";

interface PersonasProps {
  readonly state: PageState;
  readonly me: string;
  readonly onChange: (user: string) => void;
}

/** Who sits at the screen: everything that is pressed and typed comes from them, and they see what only they got. Arrow keys work. */
export function Personas({ state, me, onChange }: PersonasProps): ReactNode {
  return (
    <fieldset className="s-personas">
      <legend>You are</legend>
      {state.personas.map(({ user: id, role }) => {
        const user = state.users.find((each) => each.id === id);
        const isWaiting = id !== me && state.views.some((view) => view.user === id);
        return (
          <label key={id} className="s-persona">
            <input type="radio" name="persona" checked={id === me} onChange={() => onChange(id)} />
            <Avatar user={user} size={24} />
            <span>
              <strong>{user?.realName ?? id}</strong>
              {role && <small>{role}</small>}
            </span>
            {isWaiting && <span className="s-persona-dot" role="img" aria-label="has a dialog open" title="Has a dialog open" />}
          </label>
        );
      })}
    </fieldset>
  );
}
