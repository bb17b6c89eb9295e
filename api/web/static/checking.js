// What a file is, found out before anything of it is sent: its kind, and of texts their encoding, to the last byte.
import { Refused, request } from "./client.js";
import { kindOf, otherwise } from "./kinds.js";

const HEAD = 128 * 1024; // Bytes that tell the API what a file is.
const SLICE = 1024 * 1024;
const COMMON = ["utf-8", "windows-1252", "windows-1250", "macintosh", "utf-16le"];

// Returns { kind, encoding, choices }: `choices` where it is not in its encoding, with how a place looks in each.
// Throws an error whose message says why a file is not taken, and what to do.
export async function checked(all, file) {
  const kind = kindOf(all, file);
  if (!kind) throw new Error(`Files of this kind are not translated. ${otherwise(all, file)}`);
  if (!file.size) throw new Error("The file is empty.");
  if (!kind.text) return { kind, encoding: "", choices: [] };
  let encoding = "utf-8";
  try {
    encoding = await told(file, "");
    const wrong = await firstWrong(file, encoding);
    if (wrong < 0) return { kind, encoding, choices: [] };
    return await chosen(file, kind, wrong);
  } catch (error) {
    if (error instanceof Refused && error.kind === "encoding") return chosen(file, kind, Math.max(0, await firstWrong(file, encoding)));
    throw error;
  }
}

// Of a file that the API could not read in its encoding: how it would look in others.
export async function chosen(file, kind, wrong = 0) {
  const guess = await told(file, "detect").catch((error) => {
    if (error instanceof Refused && error.status < 500) return null;
    throw error;
  });
  const bytes = await file.slice(Math.max(0, wrong - 40), wrong + 80).arrayBuffer();
  const choices = [];
  for (const name of new Set([guess, ...COMMON])) {
    if (!name || !known(name) || (kind.text && (await firstWrong(file, name)) >= 0)) continue;
    const preview = new TextDecoder(name).decode(bytes).replace(/\s+/g, " ").trim();
    // Of those that read alike here, the likeliest.
    if (!choices.some((one) => one.preview === preview)) choices.push({ encoding: name, preview });
  }
  if (!choices.length) throw new Error("It is no text in an encoding that is known. Save it as UTF-8 and send it again.");
  return { kind, encoding: choices[0].encoding, choices };
}

async function told(file, stated) {
  const query = new URLSearchParams(stated ? { encoding: stated } : {});
  const head = { method: "POST", body: file.slice(0, HEAD), headers: { "Content-Type": "application/octet-stream" } };
  return (await (await request(`/v1/encodings?${query}`, head)).json()).encoding;
}

export function known(encoding) {
  try {
    return Boolean(new TextDecoder(encoding));
  } catch {
    return false;
  }
}

// The place of the first byte that is not in an encoding; -1 if all are.
async function firstWrong(file, encoding) {
  if (!known(encoding)) return -1;
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let start = 0; start < file.size; start += SLICE) {
    const bytes = new Uint8Array(await file.slice(start, start + SLICE).arrayBuffer());
    try {
      decoder.decode(bytes, { stream: start + SLICE < file.size });
    } catch {
      // A mark stands where the wrong byte was; before it, all is right.
      const before = new TextDecoder(encoding).decode(bytes).split("\ufffd", 1)[0];
      return start + (encoding === "utf-8" ? new TextEncoder().encode(before).length : before.length);
    }
  }
  return -1;
}
