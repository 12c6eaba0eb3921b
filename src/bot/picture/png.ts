import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Resvg, initWasm } from "@resvg/resvg-wasm";

/** Three pixels a unit: sharp on a phone. */
const scale = 3;

/** Draws an SVG of ours as PNG, with the bundled font (Inter, SIL Open Font License). About 40 ms. */
export async function toPng(svg: string): Promise<Uint8Array> {
  const fonts = await load();
  const drawing = new Resvg(svg, {
    font: { fontBuffers: fonts, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
    fitTo: { mode: "zoom", value: scale },
  });
  // WebAssembly memory is not collected: what is not freed stays.
  try {
    const image = drawing.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}

let loaded: Promise<Uint8Array[]> | undefined;

/** Once a process: the WebAssembly is 2.5 MB. */
function load(): Promise<Uint8Array[]> {
  loaded ??= read().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function read(): Promise<Uint8Array[]> {
  const [wasm, ...fonts] = await Promise.all(files.map((name) => readFile(fileURLToPath(import.meta.resolve(name)))));
  await initWasm(wasm ?? new Uint8Array());
  return fonts;
}

const files = [
  "@resvg/resvg-wasm/index_bg.wasm",
  "@fontsource/inter/files/inter-latin-400-normal.woff2",
  "@fontsource/inter/files/inter-latin-600-normal.woff2",
  "@fontsource/inter/files/inter-latin-700-normal.woff2",
];
