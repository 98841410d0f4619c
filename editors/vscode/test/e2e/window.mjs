// The editor's window as its reader sees and drives it. No sleeps: each step waits for what it needs to see.

import { until } from "./until.mjs";

export class Window {
  constructor(page) {
    this.page = page;
  }

  /** Opens an address. A page that stays blank, as it does now and then on a busy machine, is loaded again. */
  async open(url) {
    const workbench = this.page.locator(".monaco-workbench");
    for (let tries = 3; ; tries -= 1) {
      try {
        await this.page.goto(url, { waitUntil: "commit" });
        await workbench.waitFor({ timeout: 40_000 });
        return;
      } catch (error) {
        if (tries === 1) {
          throw error;
        }
      }
    }
  }

  /** The editor of a file of the disk. */
  editor(name) {
    return new Editor(this, this.page.locator(`.monaco-editor[data-uri^="vscode-remote:"][data-uri$="${name}"]`).first());
  }

  /** The editor of a text that only the server has. */
  virtual(scheme) {
    return new Editor(this, this.page.locator(`.monaco-editor[data-uri^="${scheme}:"]`).first());
  }

  /** Runs a command by the title that the palette shows. */
  async command(title) {
    await this.page.keyboard.press("F1");
    await this.#pick(`>${title}`, title);
  }

  /** Opens a file of the workspace. */
  async file(name) {
    await this.page.keyboard.press("Control+P");
    await this.#pick(name, name);
    const editor = this.editor(name);
    await editor.shows("its text", (text) => text.trim() !== "");
    return editor;
  }

  async #pick(typed, label) {
    const input = this.page.locator(".quick-input-widget input[type=text]");
    await input.waitFor();
    await input.fill(typed);
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
    await row.waitFor();
    await row.click();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** What the status bar says; nothing, where there is no item. */
  async status() {
    const item = this.page.locator(".statusbar-item[id='tidegate.tidegate.tidegate.status']");
    return clean((await item.allInnerTexts()).join(""));
  }

  async statusBecomes(what, wanted) {
    await until(`status bar: ${what}`, async () => wanted(await this.status()), {
      shown: async () => `it says: ${await this.status()}`,
    });
  }

  async problems(what, wanted) {
    const rows = this.page.locator(".markers-panel-container .monaco-list-row");
    const texts = async () => (await rows.allInnerTexts()).map(clean);
    await until(`Problems: ${what}`, async () => wanted(await texts()), {
      shown: async () => (await texts()).join("\n"),
    });
  }

  /** A message in the corner, with the buttons that it has. */
  async notification(text) {
    const toast = this.page.locator(".notifications-toasts .notification-list-item", { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  async shot(file) {
    await this.page.screenshot({ path: file });
  }
}

export class Editor {
  constructor(window, locator) {
    this.window = window;
    this.page = window.page;
    this.locator = locator;
  }

  /** The visible lines from top to bottom, inlay hints among them. */
  async text() {
    return this.locator
      .locator(".view-lines .view-line")
      .evaluateAll((lines) =>
        lines
          .map((line) => ({ top: Number.parseFloat(line.style.top), text: line.textContent }))
          .sort((a, b) => a.top - b.top)
          .map((line) => line.text)
          .join("\n"),
      )
      .then(clean);
  }

  async shows(what, wanted, limit) {
    await until(what, async () => (await this.locator.count()) > 0 && wanted(await this.text()), {
      ...(limit === undefined ? {} : { limit }),
      shown: async () => ((await this.locator.count()) > 0 ? await this.text() : "there is no such editor"),
    });
  }

  /** Clicks into a word of the text, the `nth` of its kind from 0. */
  async click(word, nth = 0) {
    const place = await until(`"${word}" is on the screen`, () => this.#place(word, nth), { shown: () => this.text() });
    await this.page.mouse.click(place.x, place.y);
    await until("the editor has the focus", () => this.locator.evaluate((editor) => editor.classList.contains("focused")));
  }

  async #place(word, nth) {
    return this.locator.locator(".view-lines").evaluate(
      (root, { word, nth }) => {
        const lines = [...root.querySelectorAll(".view-line")].sort(
          (a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top),
        );
        let seen = 0;
        for (const line of lines) {
          // A word may be cut into several spans: its place is counted over the whole line.
          const nodes = [];
          const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            nodes.push(walk.currentNode);
          }
          const text = nodes.map((node) => node.data.replaceAll("\u00a0", " ")).join("");
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            if (seen++ < nth) {
              continue;
            }
            let middle = at + Math.floor(word.length / 2);
            for (const node of nodes) {
              if (middle < node.length) {
                const range = document.createRange();
                range.setStart(node, middle);
                range.setEnd(node, middle + 1);
                const box = range.getBoundingClientRect();
                return { x: box.x + 1, y: box.y + box.height / 2 };
              }
              middle -= node.length;
            }
          }
        }
        return undefined;
      },
      { word, nth },
    );
  }

  squiggles(severity) {
    return this.locator.locator(`.squiggly-${severity}`);
  }

  /** Titles of the lenses. Those above the first line move in above what is seen: the text has to be scrolled back. */
  async lenses() {
    const top = await this.locator.locator(".lines-content").evaluate((lines) => Number.parseFloat(lines.style.top));
    if (top < 0) {
      await this.locator.hover({ position: { x: 200, y: 60 } });
      await this.page.mouse.wheel(0, top - 1);
    }
    return (await this.locator.locator(".codelens-decoration").allInnerTexts()).map(clean);
  }

  /** Follows the lens whose title has this in it. */
  async lens(title) {
    await this.locator.locator(".codelens-decoration a", { hasText: title }).first().click();
  }

  /** The actions offered at the cursor; the one with this title is applied. */
  async action(title, before) {
    const entries = this.page.locator(".action-widget .monaco-list-row.action");
    const offered = async () => (await entries.filter({ hasText: title }).count()) > 0;
    // A menu that opens in the moment in which something else changes the cursor or the findings closes again.
    for (let tries = 3; tries > 0 && !(await offered()); tries -= 1) {
      await this.page.keyboard.press("Control+.");
      await until("a menu", async () => (await entries.count()) > 0, { limit: 5_000 }).catch(() => {});
    }
    await until(`an action like ${title} is offered`, offered, {
      limit: 5_000,
      shown: async () => (await entries.allInnerTexts()).join("\n"),
    });
    await before?.();
    await entries.filter({ hasText: title }).first().click();
    await entries.first().waitFor({ state: "detached" });
  }

  async hover(word, nth = 0) {
    await this.click(word, nth);
    await this.page.keyboard.press("Control+K");
    await this.page.keyboard.press("Control+I");
    const box = this.page.locator(".monaco-resizable-hover .monaco-hover-content, .monaco-hover:visible .monaco-hover-content").first();
    await box.waitFor();
    const read = async () => clean(await box.innerText());
    await until("the hover says something", async () => {
      const text = await read();
      return text !== "" && !text.startsWith("Loading");
    }, { shown: read });
    return read();
  }
}

/** Blanks as a reader sees them: the editor writes others, and marks the direction of text. */
function clean(text) {
  return text.replaceAll("\u00a0", " ").replace(/[\u200b-\u200f\u2060-\u2069]/g, "").trim();
}
