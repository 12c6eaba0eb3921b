import type { Page } from "playwright-core";

/** Goes to a place in the sidebar, which is a drawer on a narrow screen. */
export async function goTo(page: Page, place: RegExp): Promise<void> {
  await page.getByRole("main").waitFor();
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("navigation", { name: "Workspace" }).getByRole("button", { name: place }).click();
}

/** Opens the thread of the first incident. */
async function openThread(page: Page): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: "replies" }).click();
  await page.getByRole("complementary", { name: "Thread" }).getByText("incident-api.md").waitFor();
}

/** Every part of the page, and how a person gets there from the start. Modals stay open. */
export const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  channel: async (page) => await page.getByRole("main").getByRole("heading", { name: "api: 96 replicas" }).waitFor(),
  thread: openThread,
  home: async (page) => {
    await goTo(page, /k8s-why/);
    await page.getByRole("tab", { name: "Home" }).click();
    await page.getByRole("heading", { name: "Open incidents" }).waitFor();
  },
  direct: async (page) => {
    await goTo(page, /k8s-why/);
    await page.getByRole("tab", { name: "Messages" }).click();
    await page.getByText("to which you subscribed").waitFor();
  },
  private: async (page) => {
    await goTo(page, /deploys/);
    await page.getByPlaceholder("Message #deploys").fill("/k8s-why api");
    await page.keyboard.press("Enter");
    await page.getByText("Only visible to you").last().waitFor();
  },
  slash: async (page) => {
    await page.getByPlaceholder("Message #incidents").fill("/");
    await page.getByRole("option", { name: "expect" }).waitFor();
    await page.keyboard.press("ArrowDown");
  },
  actions: async (page) => {
    await goTo(page, /deploys/);
    await page.getByRole("button", { name: "More actions" }).last().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Why?" }).waitFor();
  },
  drawer: async (page) => {
    await page.getByRole("main").waitFor();
    const menu = page.getByRole("button", { name: "Menu" });
    if (await menu.isVisible()) await menu.click();
  },
  form: async (page) => {
    await goTo(page, /k8s-why/);
    await page.getByRole("tab", { name: "Home" }).click();
    await page.getByRole("button", { name: "Show" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Silence" }).click();
    await dialog.getByText("Please complete this required field.").first().waitFor();
  },
  modal: async (page) => {
    await page.getByRole("main").getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByText("What will happen").waitFor();
  },
};
