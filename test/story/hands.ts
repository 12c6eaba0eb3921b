import type { Locator, Page } from "playwright-core";

/** What people do on the story's page. */
export interface Hands {
  readonly channel: Locator;
  readonly thread: Locator;
  readonly dialog: Locator;
  /** Sits down as the person with this role, by the keyboard. */
  be(role: string): Promise<void>;
  /** Presses a step's button once it is there, and waits until its dialog shows what will happen. */
  press(step: string): Promise<void>;
  /** Submits the dialog, reads this answer in it, and closes it. */
  submit(answer?: string): Promise<void>;
}

/** Clicks as a person does; every wait is for something to be seen. */
export function handsOn(page: Page): Hands {
  const channel = page.getByRole("main");
  const dialog = page.getByRole("dialog");
  const submitButton = dialog.locator("button[type=submit]");
  return {
    channel,
    thread: page.getByRole("complementary", { name: "Thread" }),
    dialog,
    be: async (role) => {
      const wanted = page.getByRole("radio", { name: role });
      await page.getByRole("radio", { checked: true }).focus();
      for (let moves = 0; moves < 12 && !(await wanted.isChecked()); moves += 1) await page.keyboard.press("ArrowRight");
    },
    press: async (step) => {
      await channel.getByRole("button", { name: `${step}…` }).click();
      await submitButton.waitFor();
    },
    submit: async (answer = "Approved.") => {
      await submitButton.click();
      await dialog.getByText(answer).waitFor();
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await dialog.waitFor({ state: "detached" });
    },
  };
}
