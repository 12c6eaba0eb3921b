import type { Locator, Page } from "playwright-core";

/** What a person does on the story's page. */
export interface Hands {
  readonly channel: Locator;
  readonly thread: Locator;
  readonly dialog: Locator;
  /** Presses a step's button once it is there, and waits until its dialog shows what will happen. */
  press(step: string): Promise<void>;
  /** Submits the dialog, reads that it is approved, and closes it. */
  submit(): Promise<void>;
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
    press: async (step) => {
      await channel.getByRole("button", { name: `${step}…` }).click();
      await submitButton.waitFor();
    },
    submit: async () => {
      await submitButton.click();
      await dialog.getByText("Approved.").waitFor();
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await dialog.waitFor({ state: "detached" });
    },
  };
}
