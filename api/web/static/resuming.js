// Goes on with an upload that another page, or another program, has begun, or begins one anew.
import { read } from "./client.js";
import { kinds } from "./kinds.js";
import { choose } from "./pair.js";
import { queue } from "./queue.js";
import { print, remember } from "./unfinished.js";
import { cut, piecesOf } from "./upload.js";

// Puts a file among those that are to be sent, as the rest of a document that is there.
export async function goOn(status, file) {
  const all = await kinds();
  const { id, source, target } = status;
  const encoding = status.encoding ?? "utf-8";
  await compare(id, piecesOf(file, encoding));
  remember({ id, name: file.name, size: file.size, order: { source, target }, encoding, print: await print(file.name, file), text: true, typed: false, share: 0, begun: true });
  location.hash = "#/";
  await queue.add([file], all);
}

// Leads to where a document is sent, with its languages, and its file if that is there: as another document.
export async function sendAgain({ source, target }, ...files) {
  choose(source, target);
  location.hash = "#/";
  await queue.add(files, await kinds());
}

// Throws unless all parts that are there are parts of this text, as this page would cut it.
async function compare(id, pieces) {
  const there = new Map();
  for (let after = null; ; ) {
    const page = await read(`/v1/documents/${id}/parts?${new URLSearchParams({ limit: 1000, ...(after === null ? {} : { after }) })}`);
    for (const part of page.items) there.set(part.part, part.characters);
    if (page.next === null) break;
    after = page.next;
  }
  let number = 0;
  for await (const { text } of cut(pieces)) {
    const known = there.get(number);
    if (known !== undefined && known !== [...text].length) break;
    there.delete(number);
    number += 1;
  }
  if (there.size) throw new Error(`This is another file than the one that was begun, or it was begun by another program. That goes on with: satzstrom submit --resume ${id} FILE`);
}
